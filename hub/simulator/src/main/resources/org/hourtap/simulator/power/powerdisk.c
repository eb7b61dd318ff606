/*
 * A SQLite VFS that can lose power. It stands in front of the VFS that was the default and does all
 * work through it, on real files. What it adds, for files below the folders it is told about: it
 * remembers every write and truncation since the file's last sync with what was there before, so
 * that after an accident any of them can be taken back; and it fails calls on demand.
 *
 * Which of them an accident takes back is decided by the caller (class Accident); nothing here is
 * left to chance. A disk is used by one thread at a time; its mutex is for the visibility of what
 * another thread did before.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT1

typedef sqlite3_int64 i64;

/* What a device writes in one piece. Positions are the file's, as on a disk. */
#define SECTOR 512

/* As many kinds of io_methods as the VFS behind could have; the unix one has about six. */
#define PATCHED_MAX 16

enum { WRITE, TRUNCATE };

/* One change since the last sync. `before` and `after` are places in the file's `bytes`. */
typedef struct Change {
    int kind;
    i64 at;          /* where the write begins; to what size the file was cut */
    i64 size_before; /* of the file */
    size_t before, before_length;
    size_t after, after_length;
} Change;

typedef struct File {
    struct File *next;
    struct Disk *disk;
    char *path;
    dev_t device;
    ino_t inode;
    i64 size;
    int handles;
    int is_database;
    int is_newborn; /* made by SQLite and never synced: its name is not on disk yet */
    Change *changes;
    int changes_count, changes_capacity;
    uint8_t *bytes;
    size_t bytes_used, bytes_capacity;
} File;

/* A name as it was when the power failed. */
typedef struct Name {
    struct Name *next;
    char *path;
    char *kept;
    int is_there;
} Name;

typedef struct Disk {
    struct Disk *next;
    pthread_mutex_t mutex;
    char *folder; /* with a slash at the end */
    size_t folder_length;
    File *files;
    Name *names;
    i64 effects;
    i64 left; /* until the power fails; 0: it does not */
    int handles;
    i64 space; /* by how many bytes files may still grow; negative: as they like */
    int is_dead, is_failing, is_lying;
} Disk;

/* What follows the real VFS's own part of an open file. */
typedef struct Handle {
    const sqlite3_io_methods *real;
    File *file;
} Handle;

static sqlite3_vfs *real_vfs;
static sqlite3_vfs power_vfs;
static size_t handle_at;

static pthread_mutex_t registry = PTHREAD_MUTEX_INITIALIZER; /* of what follows */
static Disk *disks;
static struct {
    const sqlite3_io_methods *real;
    sqlite3_io_methods patched;
} patches[PATCHED_MAX];
static int patches_count;

static Handle *handle_of(sqlite3_file *file) { return (Handle *)((char *)file + handle_at); }

static Disk *disk_of(const char *path) {
    pthread_mutex_lock(&registry);
    Disk *disk = disks;
    while (disk != NULL && strncmp(path, disk->folder, disk->folder_length) != 0) {
        disk = disk->next;
    }
    pthread_mutex_unlock(&registry);
    return disk;
}

static void forget_changes(File *file) {
    file->changes_count = 0;
    file->bytes_used = 0;
}

static File *file_of(Disk *disk, const char *path) {
    for (File *file = disk->files; file != NULL; file = file->next) {
        if (strcmp(file->path, path) == 0) return file;
    }
    File *file = calloc(1, sizeof(File));
    if (file == NULL) return NULL;
    file->path = strdup(path);
    if (file->path == NULL) {
        free(file);
        return NULL;
    }
    file->disk = disk;
    file->next = disk->files;
    disk->files = file;
    return file;
}

/* Programs move and replace closed files; what was remembered of another inode, or of one that has
 * changed its size meanwhile, is not true of this one. */
static void meet(File *file) {
    struct stat now;
    if (stat(file->path, &now) != 0) {
        forget_changes(file);
        file->inode = 0;
        file->size = 0;
        file->is_newborn = 0;
        return;
    }
    int is_same = now.st_dev == file->device && now.st_ino == file->inode;
    if (!is_same || (file->handles == 0 && now.st_size != file->size)) {
        forget_changes(file);
        file->is_newborn = 0;
    }
    file->device = now.st_dev;
    file->inode = now.st_ino;
    file->size = now.st_size;
}

/* The names in a folder as they are at the moment of the accident, as hard links beside it: a
 * program cannot be stopped in the middle of a Java statement, so what it moves or deletes
 * afterwards is put back. */
static void keep_names(Disk *disk) {
    char *base = NULL;
    if (asprintf(&base, "%.*s.names", (int)disk->folder_length - 1, disk->folder) < 0) return;
    mkdir(base, 0700);
    DIR *folder = opendir(disk->folder);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        if (entry->d_type != DT_REG) continue;
        Name *name = calloc(1, sizeof(Name));
        if (name == NULL || asprintf(&name->path, "%s%s", disk->folder, entry->d_name) < 0 ||
            asprintf(&name->kept, "%s/%s", base, entry->d_name) < 0) {
            break;
        }
        unlink(name->kept);
        name->is_there = link(name->path, name->kept) == 0;
        name->next = disk->names;
        disk->names = name;
    }
    if (folder != NULL) closedir(folder);
    free(base);
}

static void put_names_back(Disk *disk) {
    DIR *folder = opendir(disk->folder);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        if (entry->d_type != DT_REG) continue;
        Name *name = disk->names;
        while (name != NULL &&
               strcmp(name->path + disk->folder_length, entry->d_name) != 0) {
            name = name->next;
        }
        if (name == NULL) unlinkat(dirfd(folder), entry->d_name, 0);
    }
    if (folder != NULL) closedir(folder);
    for (Name *name = disk->names, *next; name != NULL; name = next) {
        next = name->next;
        if (name->is_there) {
            rename(name->kept, name->path);
            unlink(name->kept); /* renaming onto another name of the same file does nothing */
        }
        free(name->path);
        free(name->kept);
        free(name);
    }
    disk->names = NULL;
    char *base = NULL;
    if (asprintf(&base, "%.*s.names", (int)disk->folder_length - 1, disk->folder) >= 0) {
        rmdir(base);
        free(base);
    }
}

static void die(Disk *disk) {
    if (disk->is_dead) return;
    disk->is_dead = 1;
    disk->left = 0;
    keep_names(disk);
}

/* Counts one effect, unless it is the one at which the power fails. */
static int fails(Disk *disk) {
    if (disk->is_dead) return 1;
    if (disk->left > 0 && --disk->left == 0) {
        die(disk);
        return 1;
    }
    disk->effects++;
    return 0;
}

/* A negative amount gives some back. */
static void take_space(Disk *disk, i64 bytes) {
    if (disk->space >= 0) disk->space = bytes < disk->space ? disk->space - bytes : 0;
}

static Change *new_change(File *file, size_t bytes) {
    if (file->changes_count == file->changes_capacity) {
        int capacity = file->changes_capacity == 0 ? 64 : 2 * file->changes_capacity;
        Change *more = realloc(file->changes, capacity * sizeof(Change));
        if (more == NULL) return NULL;
        file->changes = more;
        file->changes_capacity = capacity;
    }
    if (file->bytes_used + bytes > file->bytes_capacity) {
        size_t capacity = 2 * (file->bytes_used + bytes) + 65536;
        uint8_t *more = realloc(file->bytes, capacity);
        if (more == NULL) return NULL;
        file->bytes = more;
        file->bytes_capacity = capacity;
    }
    Change *change = &file->changes[file->changes_count++];
    memset(change, 0, sizeof(Change));
    change->size_before = file->size;
    return change;
}

/* Keeps what lies in the file from here on, before it is changed. */
static int keep_before(sqlite3_file *open, File *file, Change *change, i64 from, i64 length) {
    if (length <= 0) return SQLITE_OK;
    change->before = file->bytes_used;
    change->before_length = length;
    file->bytes_used += length;
    return handle_of(open)->real->xRead(open, file->bytes + change->before, (int)length, from);
}

static int write_logged(sqlite3_file *open, File *file, const void *bytes, int length, i64 at) {
    i64 there = file->size - at < length ? file->size - at : length;
    size_t used = file->bytes_used;
    Change *change = new_change(file, (there > 0 ? there : 0) + (size_t)length);
    if (change == NULL) return SQLITE_IOERR_NOMEM;
    change->kind = WRITE;
    change->at = at;
    int result = keep_before(open, file, change, at, there);
    if (result == SQLITE_OK) {
        change->after = file->bytes_used;
        change->after_length = length;
        memcpy(file->bytes + change->after, bytes, length);
        file->bytes_used += length;
        result = handle_of(open)->real->xWrite(open, bytes, length, at);
    }
    if (result != SQLITE_OK) {
        file->changes_count--;
        file->bytes_used = used;
    } else if (at + length > file->size) {
        file->size = at + length;
    }
    return result;
}

static int truncate_logged(sqlite3_file *open, File *file, i64 size) {
    size_t used = file->bytes_used;
    i64 cut = file->size > size ? file->size - size : 0;
    Change *change = new_change(file, cut);
    if (change == NULL) return SQLITE_IOERR_NOMEM;
    change->kind = TRUNCATE;
    change->at = size;
    int result = keep_before(open, file, change, size, cut);
    if (result == SQLITE_OK) result = handle_of(open)->real->xTruncate(open, size);
    if (result != SQLITE_OK) {
        file->changes_count--;
        file->bytes_used = used;
    } else {
        file->size = size;
    }
    return result;
}

/* ---- what SQLite calls ---- */

static int power_read(sqlite3_file *open, void *bytes, int length, i64 at) {
    Handle *handle = handle_of(open);
    if (handle->file->disk->is_dead) return SQLITE_IOERR_READ;
    return handle->real->xRead(open, bytes, length, at);
}

static int power_write(sqlite3_file *open, const void *bytes, int length, i64 at) {
    File *file = handle_of(open)->file;
    Disk *disk = file->disk;
    int result;
    pthread_mutex_lock(&disk->mutex);
    i64 growth = at + length - file->size;
    if (disk->is_dead || disk->is_failing) {
        result = SQLITE_IOERR_WRITE;
    } else if (disk->space >= 0 && growth > disk->space) {
        result = SQLITE_FULL;
    } else if (fails(disk)) {
        result = SQLITE_IOERR_WRITE;
    } else {
        result = write_logged(open, file, bytes, length, at);
        if (result == SQLITE_OK && growth > 0) take_space(disk, growth);
    }
    pthread_mutex_unlock(&disk->mutex);
    return result;
}

static int power_truncate(sqlite3_file *open, i64 size) {
    File *file = handle_of(open)->file;
    Disk *disk = file->disk;
    pthread_mutex_lock(&disk->mutex);
    i64 growth = size - file->size;
    int result = disk->is_failing || fails(disk) ? SQLITE_IOERR_TRUNCATE
                                                 : truncate_logged(open, file, size);
    if (result == SQLITE_OK) take_space(disk, growth);
    pthread_mutex_unlock(&disk->mutex);
    return result;
}

static int power_sync(sqlite3_file *open, int flags) {
    (void)flags; /* the real file need not be synced: it only plays one that is */
    File *file = handle_of(open)->file;
    Disk *disk = file->disk;
    pthread_mutex_lock(&disk->mutex);
    int result = SQLITE_OK;
    if (disk->is_failing || fails(disk)) {
        result = SQLITE_IOERR_FSYNC;
    } else if (!disk->is_lying) {
        forget_changes(file);
        file->is_newborn = 0;
    }
    pthread_mutex_unlock(&disk->mutex);
    return result;
}

static int power_close(sqlite3_file *open) {
    Handle handle = *handle_of(open);
    int result = handle.real->xClose(open);
    Disk *disk = handle.file->disk;
    pthread_mutex_lock(&disk->mutex);
    handle.file->handles--;
    disk->handles--;
    pthread_mutex_unlock(&disk->mutex);
    return result;
}

static const sqlite3_io_methods *patched(const sqlite3_io_methods *real) {
    const sqlite3_io_methods *found = NULL;
    pthread_mutex_lock(&registry);
    for (int i = 0; i < patches_count && found == NULL; i++) {
        if (patches[i].real == real) found = &patches[i].patched;
    }
    if (found == NULL && patches_count < PATCHED_MAX) {
        sqlite3_io_methods *mine = &patches[patches_count].patched;
        memset(mine, 0, sizeof(*mine));
        /* Version 2 ends before xFetch: no memory map that would go past us. */
        mine->iVersion = real->iVersion < 2 ? real->iVersion : 2;
        mine->xClose = power_close;
        mine->xRead = power_read;
        mine->xWrite = power_write;
        mine->xTruncate = power_truncate;
        mine->xSync = power_sync;
        mine->xFileSize = real->xFileSize;
        mine->xLock = real->xLock;
        mine->xUnlock = real->xUnlock;
        mine->xCheckReservedLock = real->xCheckReservedLock;
        mine->xFileControl = real->xFileControl;
        mine->xSectorSize = real->xSectorSize;
        mine->xDeviceCharacteristics = real->xDeviceCharacteristics;
        if (mine->iVersion == 2) {
            mine->xShmMap = real->xShmMap;
            mine->xShmLock = real->xShmLock;
            mine->xShmBarrier = real->xShmBarrier;
            mine->xShmUnmap = real->xShmUnmap;
        }
        patches[patches_count++].real = real;
        found = mine;
    }
    pthread_mutex_unlock(&registry);
    return found;
}

static int open_on(Disk *disk, const char *name, sqlite3_file *open, int flags, int *told) {
    struct stat before;
    if (disk->is_dead) return SQLITE_IOERR;
    File *file = file_of(disk, name);
    if (file == NULL) return SQLITE_IOERR_NOMEM;
    int is_new = stat(name, &before) != 0;
    int result = real_vfs->xOpen(real_vfs, name, open, flags, told);
    if (result != SQLITE_OK) return result;
    const sqlite3_io_methods *mine = patched(open->pMethods);
    if (mine == NULL) {
        open->pMethods->xClose(open);
        return SQLITE_CANTOPEN;
    }
    meet(file);
    file->is_newborn |= is_new;
    file->is_database |= (flags & SQLITE_OPEN_MAIN_DB) != 0;
    file->handles++;
    disk->handles++;
    handle_of(open)->real = open->pMethods;
    handle_of(open)->file = file;
    open->pMethods = mine;
    return SQLITE_OK;
}

static int power_open(
    sqlite3_vfs *vfs, const char *name, sqlite3_file *open, int flags, int *told) {
    (void)vfs;
    Disk *disk = name == NULL || (flags & SQLITE_OPEN_DELETEONCLOSE) ? NULL : disk_of(name);
    if (disk == NULL) return real_vfs->xOpen(real_vfs, name, open, flags, told);
    pthread_mutex_lock(&disk->mutex);
    int result = open_on(disk, name, open, flags, told);
    pthread_mutex_unlock(&disk->mutex);
    if (result != SQLITE_OK) open->pMethods = NULL;
    return result;
}

static int power_delete(sqlite3_vfs *vfs, const char *name, int sync_folder) {
    (void)vfs;
    (void)sync_folder;
    struct stat there;
    Disk *disk = disk_of(name);
    if (disk == NULL || stat(name, &there) != 0) {
        return real_vfs->xDelete(real_vfs, name, sync_folder);
    }
    pthread_mutex_lock(&disk->mutex);
    int result = SQLITE_IOERR_DELETE;
    if (!disk->is_failing && !fails(disk)) {
        result = real_vfs->xDelete(real_vfs, name, 0);
        if (result == SQLITE_OK) take_space(disk, -there.st_size);
        File *file = file_of(disk, name);
        if (file != NULL) meet(file);
    }
    pthread_mutex_unlock(&disk->mutex);
    return result;
}

/* ---- what SimDisk calls ---- */

Disk *powerdisk_add(const char *folder) {
    Disk *disk = calloc(1, sizeof(Disk));
    if (disk == NULL || asprintf(&disk->folder, "%s/", folder) < 0) return NULL;
    disk->folder_length = strlen(disk->folder);
    disk->space = -1;
    pthread_mutex_init(&disk->mutex, NULL);
    pthread_mutex_lock(&registry);
    disk->next = disks;
    disks = disk;
    pthread_mutex_unlock(&registry);
    return disk;
}

void powerdisk_forget(Disk *disk) {
    pthread_mutex_lock(&registry);
    Disk **link = &disks;
    while (*link != disk) link = &(*link)->next;
    *link = disk->next;
    pthread_mutex_unlock(&registry);
    for (File *file = disk->files, *next; file != NULL; file = next) {
        next = file->next;
        free(file->path);
        free(file->changes);
        free(file->bytes);
        free(file);
    }
    pthread_mutex_destroy(&disk->mutex);
    free(disk->folder);
    free(disk);
}

i64 powerdisk_effects(Disk *disk) { return disk->effects; }
int powerdisk_handles(Disk *disk) { return disk->handles; }
int powerdisk_is_dead(Disk *disk) { return disk->is_dead; }

/* 0: no cut is planned (any more). */
void powerdisk_cut_after(Disk *disk, i64 effects) {
    pthread_mutex_lock(&disk->mutex);
    disk->left = effects;
    pthread_mutex_unlock(&disk->mutex);
}

void powerdisk_cut(Disk *disk) {
    pthread_mutex_lock(&disk->mutex);
    die(disk);
    pthread_mutex_unlock(&disk->mutex);
}

void powerdisk_limit(Disk *disk, i64 space) {
    pthread_mutex_lock(&disk->mutex);
    disk->space = space;
    pthread_mutex_unlock(&disk->mutex);
}

void powerdisk_behave(Disk *disk, int is_failing, int is_lying) {
    pthread_mutex_lock(&disk->mutex);
    disk->is_failing = is_failing;
    disk->is_lying = is_lying;
    pthread_mutex_unlock(&disk->mutex);
}

/* Undoes what was done to names since the power failed, and looks at each file afresh. */
int powerdisk_files(Disk *disk) {
    int count = 0;
    pthread_mutex_lock(&disk->mutex);
    if (disk->is_dead) put_names_back(disk);
    for (File *file = disk->files; file != NULL; file = file->next, count++) meet(file);
    pthread_mutex_unlock(&disk->mutex);
    return count;
}

void powerdisk_revive(Disk *disk) {
    pthread_mutex_lock(&disk->mutex);
    disk->is_dead = 0;
    disk->left = 0;
    pthread_mutex_unlock(&disk->mutex);
}

File *powerdisk_file(Disk *disk, int index) {
    File *file = disk->files;
    while (index-- > 0) file = file->next;
    return file;
}

const char *powerdisk_path(File *file) { return file->path; }
int powerdisk_changes(File *file) { return file->changes_count; }
int powerdisk_is_newborn(File *file) { return file->inode != 0 && file->is_newborn; }

/* Of a write: how many sectors it touches; of a truncation 0. */
int powerdisk_sectors(File *file, int index) {
    Change *change = &file->changes[index];
    if (change->kind != WRITE || change->after_length == 0) return 0;
    return (int)((change->at + (i64)change->after_length - 1) / SECTOR - change->at / SECTOR + 1);
}

static int put(int fd, const uint8_t *bytes, size_t length, i64 at) {
    while (length > 0) {
        ssize_t written = pwrite(fd, bytes, length, at);
        if (written < 0 && errno != EINTR) return errno;
        if (written > 0) {
            bytes += written;
            at += written;
            length -= written;
        }
    }
    return 0;
}

static int undo(int fd, File *file, Change *change) {
    i64 from = change->at;
    if (ftruncate(fd, change->size_before) != 0) return errno;
    return put(fd, file->bytes + change->before, change->before_length, from);
}

static int redo(int fd, File *file, Change *change, const uint8_t *sectors) {
    if (change->kind == TRUNCATE) return ftruncate(fd, change->at) != 0 ? errno : 0;
    const uint8_t *bytes = file->bytes + change->after;
    if (sectors == NULL) return put(fd, bytes, change->after_length, change->at);
    i64 at = change->at;
    i64 end = change->at + (i64)change->after_length;
    for (int i = 0, error; at < end; i++) {
        i64 next = (at / SECTOR + 1) * SECTOR;
        if (next > end) next = end;
        if (sectors[i] && (error = put(fd, bytes + (at - change->at), next - at, at)) != 0) {
            return error;
        }
        at = next;
    }
    return 0;
}

/* Leaves of the changes since the last sync those that are marked as kept, of the torn one the
 * marked sectors; -1: none is torn. Returns 0 or an errno. */
int powerdisk_settle(File *file, const uint8_t *kept, int torn, const uint8_t *sectors) {
    if (file->inode == 0) return 0;
    int fd = open(file->path, O_RDWR | O_CLOEXEC);
    if (fd < 0) return errno;
    int error = 0;
    for (int i = file->changes_count - 1; i >= 0 && error == 0; i--) {
        error = undo(fd, file, &file->changes[i]);
    }
    for (int i = 0; i < file->changes_count && error == 0; i++) {
        if (kept[i]) error = redo(fd, file, &file->changes[i], i == torn ? sectors : NULL);
    }
    close(fd);
    forget_changes(file);
    file->is_newborn = 0;
    meet(file);
    return error;
}

/* The file's name never reached the disk. */
void powerdisk_vanish(File *file) {
    unlink(file->path);
    meet(file);
}

/* The index of the log lives in memory only. */
void powerdisk_drop_index(File *file) {
    char *index = NULL;
    if (file->is_database && asprintf(&index, "%s-shm", file->path) >= 0) {
        unlink(index);
        free(index);
    }
}

int sqlite3_powerdisk_init(sqlite3 *db, char **message, const sqlite3_api_routines *api) {
    (void)db;
    SQLITE_EXTENSION_INIT2(api);
    sqlite3_vfs *current = sqlite3_vfs_find(NULL);
    if (current == &power_vfs) return SQLITE_OK_LOAD_PERMANENTLY;
    if (current == NULL || strcmp(current->zName, "unix") != 0) {
        *message = sqlite3_mprintf("the default VFS is not unix");
        return SQLITE_ERROR;
    }
    real_vfs = current;
    power_vfs = *current;
    power_vfs.pNext = NULL;
    power_vfs.zName = "powerdisk";
    handle_at = (current->szOsFile + 7) / 8 * 8;
    power_vfs.szOsFile = (int)(handle_at + sizeof(Handle));
    power_vfs.xOpen = power_open;
    power_vfs.xDelete = power_delete;
    int result = sqlite3_vfs_register(&power_vfs, 1);
    return result == SQLITE_OK ? SQLITE_OK_LOAD_PERMANENTLY : result;
}
