/*
 * Preloaded into a program, this puts its wall clock beside the right time by as many seconds as a
 * file says (eight bytes, in the machine's order), at once and as often as the file changes. Time
 * since boot stays what it is. libfaketime does the same and more, at ten times the CPU time of a
 * whole start of the hub.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

typedef int clock_reader(clockid_t, struct timespec *);

static clock_reader *right_time;
static const volatile int64_t *seconds_beside;

__attribute__((constructor)) static void begin(void)
{
    const char *name = getenv("HOURTAP_WALL_CLOCK");
    int file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
    right_time = (clock_reader *) dlsym(RTLD_NEXT, "clock_gettime");
    if (file >= 0) {
        void *page = mmap(NULL, sizeof *seconds_beside, PROT_READ, MAP_SHARED, file, 0);
        if (page != MAP_FAILED)
            seconds_beside = page;
        close(file);
    }
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
    if (!right_time)
        begin();
    int status = right_time(clock, time);
    if (status == 0 && clock == CLOCK_REALTIME && seconds_beside)
        time->tv_sec += *seconds_beside;
    return status;
}
