/*
 * Debian's libfreefare as a reader of the virtual card. libfreefare reaches cards through libnfc,
 * which wants a reader on USB; the few functions of libnfc it calls are defined here in its place
 * and forward to the card over TCP on the loopback interface:
 *
 *     two bytes of length, high byte first, then a command or an answer
 *
 * Usage: foreign_reader PORT UID
 *
 * Prints each check that fails, then one line with the count of those that passed.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <nfc/nfc.h>

#include <freefare.h>

enum { DENIED = 0x9D, AUTHENTICATION = 0xAE, BOUNDARY = 0xBE, DUPLICATE = 0xDE, NO_FILE = 0xF0 };

static int card_socket;
static int passed;
static int failed;
static MifareTag tag;

/* What libfreefare calls of libnfc. */

int nfc_device_get_last_error(const nfc_device *pnd) { return 0; }

int nfc_device_set_property_bool(nfc_device *pnd, const nfc_property property, const bool enable) {
    return 0;
}

int nfc_initiator_init(nfc_device *pnd) { return 0; }

int nfc_initiator_list_passive_targets(
        nfc_device *pnd, const nfc_modulation nm, nfc_target targets[], const size_t count) {
    return 0;
}

int nfc_initiator_select_passive_target(
        nfc_device *pnd, const nfc_modulation nm, const uint8_t *data, const size_t size,
        nfc_target *target) {
    return 1;
}

int nfc_initiator_deselect_target(nfc_device *pnd) { return 0; }

const char *nfc_strerror(const nfc_device *pnd) { return "the card is gone"; }

static int transfer(ssize_t (*move)(int, void *, size_t), uint8_t *bytes, size_t count) {
    while (count > 0) {
        ssize_t moved = move(card_socket, bytes, count);
        if (moved <= 0)
            return -1;
        bytes += moved;
        count -= (size_t) moved;
    }
    return 0;
}

static ssize_t write_bytes(int fd, void *bytes, size_t count) { return write(fd, bytes, count); }

int nfc_initiator_transceive_bytes(
        nfc_device *pnd, const uint8_t *command, const size_t length, uint8_t *answer,
        const size_t room, int timeout) {
    uint8_t frame[2 + 512];
    if (length > 512)
        return -1;
    frame[0] = (uint8_t) (length >> 8);
    frame[1] = (uint8_t) length;
    memcpy(frame + 2, command, length);
    if (transfer(write_bytes, frame, length + 2) < 0 || transfer(read, frame, 2) < 0)
        return -1;
    size_t expected = (size_t) frame[0] << 8 | frame[1];
    if (expected > room || transfer(read, answer, expected) < 0)
        return -1;
    return (int) expected;
}

/* Checks. */

static void check(int holds, const char *what, int mode) {
    if (holds) {
        passed++;
    } else {
        failed++;
        printf("FAILED (communication mode %d, last status %02X): %s\n", mode,
               mifare_desfire_last_picc_error(tag), what);
    }
}

static int refused(int result, int status) {
    return result < 0 && mifare_desfire_last_picc_error(tag) == status;
}

static MifareDESFireKey key_of(uint8_t fill, uint8_t version) {
    uint8_t bytes[16];
    memset(bytes, fill, sizeof bytes);
    return mifare_desfire_aes_key_new_with_version(bytes, version);
}

static int authenticate(uint8_t number, uint8_t fill) {
    MifareDESFireKey key = key_of(fill, 0);
    int result = mifare_desfire_authenticate_aes(tag, number, key);
    mifare_desfire_key_free(key);
    return result;
}

static int select_application(uint32_t id) {
    MifareDESFireAID aid = id == 0 ? NULL : mifare_desfire_aid_new(id);
    int result = mifare_desfire_select_application(tag, aid);
    free(aid);
    return result;
}

static int value_is(uint8_t file, int32_t expected) {
    int32_t value = -1;
    return mifare_desfire_get_value(tag, file, &value) == 0 && value == expected;
}

static int filled_with(const uint8_t *bytes, size_t count, uint8_t fill) {
    for (size_t i = 0; i < count; i++)
        if (bytes[i] != fill)
            return 0;
    return 1;
}

static void check_card(const char *uid) {
    struct mifare_desfire_version_info version;
    memset(&version, 0, sizeof version);
    check(mifare_desfire_get_version(tag, &version) == 0, "version", -1);
    check(version.hardware.vendor_id == 4 && version.hardware.version_major == 0x12,
          "version: an EV2 of NXP", -1);
    check(refused(authenticate(0, 0x77), AUTHENTICATION), "a wrong key is refused", -1);
    check(authenticate(0, 0x00) == 0, "authentication", -1);
    memset(&version, 0, sizeof version);
    check(mifare_desfire_get_version(tag, &version) == 0, "version with CMAC", -1);
    check(version.uid[0] == 0x04, "version with CMAC: the UID", -1);
    char *told = NULL;
    check(mifare_desfire_get_card_uid(tag, &told) == 0, "UID, enciphered", -1);
    check(told != NULL && strcasecmp(told, uid) == 0, "UID, enciphered: the right one", -1);
    free(told);
    uint8_t key_version = 0xFF;
    check(mifare_desfire_get_key_version(tag, 0, &key_version) == 0 && key_version == 0,
          "key version", -1);
    MifareDESFireAID aid = mifare_desfire_aid_new(0x123456);
    check(mifare_desfire_create_application_aes(tag, aid, 0x0F, 3) == 0, "create application", -1);
    check(refused(mifare_desfire_create_application_aes(tag, aid, 0x0F, 3), DUPLICATE),
          "create it twice", -1);
    free(aid);
    check(authenticate(0, 0x00) == 0, "authentication after an error", -1);
    MifareDESFireAID *aids = NULL;
    size_t count = 0;
    check(mifare_desfire_get_application_ids(tag, &aids, &count) == 0 && count == 1 &&
                  mifare_desfire_aid_get_aid(aids[0]) == 0x123456,
          "application ids", -1);
    mifare_desfire_free_application_ids(aids);
}

static void check_value_file(uint8_t file, int mode) {
    check(mifare_desfire_create_value_file(tag, file, mode, 0x0000, 0, 1000, 100, 1) == 0,
          "create value file", mode);
    struct mifare_desfire_file_settings settings;
    check(mifare_desfire_get_file_settings(tag, file, &settings) == 0 &&
                  settings.settings.value_file.upper_limit == 1000,
          "value file's settings", mode);
    check(value_is(file, 100), "value", mode);
    check(mifare_desfire_debit(tag, file, 30) == 0, "debit", mode);
    check(value_is(file, 100), "a debit is not there before it is committed", mode);
    check(mifare_desfire_commit_transaction(tag) == 0, "commit", mode);
    check(value_is(file, 70), "a debit is there after it is committed", mode);
    check(mifare_desfire_credit(tag, file, 50) == 0, "credit", mode);
    check(mifare_desfire_abort_transaction(tag) == 0, "abort", mode);
    check(value_is(file, 70), "an aborted credit is gone", mode);
    check(mifare_desfire_limited_credit(tag, file, 30) == 0 &&
                  mifare_desfire_commit_transaction(tag) == 0 && value_is(file, 100),
          "limited credit up to the debit before", mode);
    check(refused(mifare_desfire_debit(tag, file, 101), BOUNDARY), "no overdraft", mode);
    check(authenticate(0, 0x00) == 0 && value_is(file, 100), "nothing came of it", mode);
    check(refused(mifare_desfire_credit(tag, file, 901), BOUNDARY), "nothing over the limit", mode);
    check(authenticate(0, 0x00) == 0, "authentication", mode);
}

static void check_data_files(uint8_t file, int mode) {
    uint8_t written[120];
    uint8_t read[120];
    for (size_t i = 0; i < sizeof written; i++)
        written[i] = (uint8_t) (i * 7 + mode);
    check(mifare_desfire_create_backup_data_file(tag, file, mode, 0x0000, 200) == 0,
          "create backup file", mode);
    check(mifare_desfire_write_data(tag, file, 40, 120, written) == 120,
          "write over several frames", mode);
    check(mifare_desfire_read_data(tag, file, 40, 120, read) == 120 &&
                  filled_with(read, sizeof read, 0),
          "a write is not there before it is committed", mode);
    check(mifare_desfire_commit_transaction(tag) == 0 &&
                  mifare_desfire_read_data(tag, file, 40, 120, read) == 120 &&
                  memcmp(written, read, sizeof read) == 0,
          "it is after", mode);
    uint8_t standard = (uint8_t) (file + 1);
    check(mifare_desfire_create_std_data_file(tag, standard, mode, 0x0000, 64) == 0,
          "create standard file", mode);
    check(mifare_desfire_write_data(tag, standard, 1, 33, written) == 33 &&
                  mifare_desfire_read_data(tag, standard, 1, 33, read) == 33 &&
                  memcmp(written, read, 33) == 0,
          "standard file keeps at once", mode);
    check(refused(mifare_desfire_write_data(tag, standard, 60, 5, written), BOUNDARY),
          "nothing beyond its end", mode);
    check(authenticate(0, 0x00) == 0, "authentication", mode);
}

static void check_record_file(uint8_t file, int mode) {
    uint8_t record[32];
    uint8_t records[3 * 32];
    check(mifare_desfire_create_cyclic_record_file(tag, file, mode, 0x0000, 32, 4) == 0,
          "create cyclic file", mode);
    for (uint8_t number = 1; number <= 5; number++) {
        memset(record, number, sizeof record);
        check(mifare_desfire_write_record(tag, file, 0, 32, record) == 32 &&
                      mifare_desfire_commit_transaction(tag) == 0,
              "write record", mode);
    }
    check(mifare_desfire_read_records(tag, file, 0, 3, records) > 0 &&
                  filled_with(records, 32, 3) && filled_with(records + 32, 32, 4) &&
                  filled_with(records + 64, 32, 5),
          "of four created three are kept, oldest first", mode);
    check(mifare_desfire_read_records(tag, file, 1, 1, records) > 0 && filled_with(records, 32, 4),
          "counted back from the newest", mode);
    check(mifare_desfire_clear_record_file(tag, file) == 0 &&
                  mifare_desfire_commit_transaction(tag) == 0,
          "clear", mode);
    check(refused((int) mifare_desfire_read_records(tag, file, 0, 1, records), BOUNDARY),
          "nothing is left", mode);
    check(authenticate(0, 0x00) == 0, "authentication", mode);
}

static void check_keys(void) {
    MifareDESFireKey zero = key_of(0x00, 0);
    MifareDESFireKey first = key_of(0x11, 5);
    MifareDESFireKey second = key_of(0x22, 6);
    check(mifare_desfire_change_key(tag, 1, first, zero) == 0, "change another key", -1);
    uint8_t version = 0;
    check(mifare_desfire_get_key_version(tag, 1, &version) == 0 && version == 5,
          "its version", -1);
    check(mifare_desfire_create_backup_data_file(tag, 30, 3, 0x1FFF, 8) == 0,
          "create a file that key 1 reads", -1);
    uint8_t data[8];
    check(refused((int) mifare_desfire_read_data_ex(tag, 30, 0, 8, data, 3), DENIED),
          "key 0 does not", -1);
    check(authenticate(1, 0x00) < 0, "the key's old value is refused", -1);
    check(authenticate(1, 0x11) == 0, "its new one is not", -1);
    check(mifare_desfire_read_data_ex(tag, 30, 0, 8, data, 3) == 8, "key 1 reads", -1);
    check(authenticate(0, 0x00) == 0 && mifare_desfire_change_key(tag, 0, second, NULL) == 0,
          "change the own key", -1);
    check(authenticate(0, 0x22) == 0, "it is changed", -1);
    uint8_t settings = 0;
    uint8_t keys = 0;
    check(mifare_desfire_change_key_settings(tag, 0x09) == 0, "change key settings", -1);
    check(mifare_desfire_get_key_settings(tag, &settings, &keys) == 0 && settings == 0x09 &&
                  keys == 3,
          "they are changed", -1);
    check(mifare_desfire_delete_file(tag, 30) == 0, "delete a file", -1);
    check(refused((int) mifare_desfire_read_data_ex(tag, 30, 0, 8, data, 3), NO_FILE),
          "it is gone", -1);
    mifare_desfire_key_free(zero);
    mifare_desfire_key_free(first);
    mifare_desfire_key_free(second);
}

static void check_end(void) {
    check(select_application(0) == 0 && authenticate(0, 0x00) == 0, "back to the card", -1);
    MifareDESFireAID aid = mifare_desfire_aid_new(0x123456);
    check(mifare_desfire_delete_application(tag, aid) == 0, "delete application", -1);
    free(aid);
    check(select_application(0x123456) < 0, "it is gone", -1);
    check(select_application(0) == 0 && authenticate(0, 0x00) == 0 &&
                  mifare_desfire_format_picc(tag) == 0,
          "format", -1);
}

static MifareTag connect_card(int port, const char *uid) {
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons((uint16_t) port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    card_socket = socket(AF_INET, SOCK_STREAM, 0);
    int on = 1;
    setsockopt(card_socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(card_socket, (struct sockaddr *) &address, sizeof address) != 0)
        return NULL;
    nfc_iso14443a_info information;
    memset(&information, 0, sizeof information);
    const uint8_t ats[] = {0x75, 0x77, 0x81, 0x02, 0x80};
    information.abtAtqa[0] = 0x03;
    information.abtAtqa[1] = 0x44;
    information.btSak = 0x20;
    information.szUidLen = 7;
    for (int i = 0; i < 7; i++) {
        unsigned digits = 0;
        sscanf(uid + 2 * i, "%2x", &digits);
        information.abtUid[i] = (uint8_t) digits;
    }
    information.szAtsLen = sizeof ats;
    memcpy(information.abtAts, ats, sizeof ats);
    static int device;
    return freefare_tag_new((nfc_device *) &device, information);
}

int main(int count, char **arguments) {
    if (count != 3 || strlen(arguments[2]) != 14) {
        fprintf(stderr, "usage: foreign_reader PORT UID\n");
        return 2;
    }
    tag = connect_card(atoi(arguments[1]), arguments[2]);
    if (tag == NULL || mifare_desfire_connect(tag) != 0) {
        fprintf(stderr, "there is no DESFire at port %s\n", arguments[1]);
        return 2;
    }
    check_card(arguments[2]);
    check(select_application(0x123456) == 0, "select application", -1);
    check(authenticate(0, 0x00) == 0, "authentication in it", -1);
    const int modes[] = {0, 1, 3};
    for (int i = 0; i < 3; i++) {
        check_value_file((uint8_t) (1 + 4 * i), modes[i]);
        check_data_files((uint8_t) (2 + 4 * i), modes[i]);
        check_record_file((uint8_t) (4 + 4 * i), modes[i]);
    }
    check_keys();
    check_end();
    mifare_desfire_disconnect(tag);
    freefare_free_tag(tag);
    printf("foreign reader: %d checks passed\n", passed);
    return failed == 0 ? 0 : 1;
}
