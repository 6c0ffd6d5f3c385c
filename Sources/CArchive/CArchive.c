#include "CArchive.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>

enum { block_size = 1 << 16 };

carchive *carchive_writer(int file) {
    struct archive *archive = archive_write_new();
    if (!archive) return NULL;
    // The fastest level: lines of JSON shrink to a tenth by it, and the database's readers are not held longer.
    if (archive_write_set_format_zip(archive) != ARCHIVE_OK
        || archive_write_set_format_option(archive, "zip", "compression-level", "1") != ARCHIVE_OK
        || archive_write_set_bytes_per_block(archive, block_size) != ARCHIVE_OK
        || archive_write_set_bytes_in_last_block(archive, 1) != ARCHIVE_OK
        || archive_write_open_fd(archive, file) != ARCHIVE_OK) {
        archive_write_free(archive);
        return NULL;
    }
    return archive;
}

bool carchive_begin(carchive *archive, const char *name, int64_t modified_seconds) {
    struct archive_entry *entry = archive_entry_new();
    if (!entry) return false;
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0600);
    archive_entry_set_mtime(entry, modified_seconds, 0);
    int status = archive_write_header(archive, entry);
    archive_entry_free(entry);
    return status == ARCHIVE_OK;
}

bool carchive_write(carchive *archive, const uint8_t *bytes, size_t count) {
    while (count) {
        la_ssize_t written = archive_write_data(archive, bytes, count);
        if (written <= 0) return false;
        bytes += written;
        count -= (size_t)written;
    }
    return true;
}

bool carchive_finish(carchive *archive) { return archive_write_close(archive) == ARCHIVE_OK; }

carchive *carchive_reader(int file, char *message, size_t message_size) {
    struct archive *archive = archive_read_new();
    if (!archive) {
        snprintf(message, message_size, "no memory");
        return NULL;
    }
    if (archive_read_support_format_zip_seekable(archive) != ARCHIVE_OK
        || archive_read_open_fd(archive, file, block_size) != ARCHIVE_OK) {
        const char *reason = archive_error_string(archive);
        snprintf(message, message_size, "%s", reason ? reason : "not a ZIP file");
        archive_read_free(archive);
        return NULL;
    }
    return archive;
}

int carchive_next(carchive *archive, const char **name, bool *is_file, bool *is_encrypted) {
    struct archive_entry *entry = NULL;
    int status = archive_read_next_header(archive, &entry);
    if (status == ARCHIVE_EOF) return 0;
    if (status != ARCHIVE_OK) return -1;
    *name = archive_entry_pathname(entry);
    *is_file = archive_entry_filetype(entry) == AE_IFREG && !archive_entry_hardlink(entry);
    *is_encrypted = archive_entry_is_encrypted(entry);
    return 1;
}

int64_t carchive_read(carchive *archive, uint8_t *bytes, size_t count) {
    la_ssize_t got = archive_read_data(archive, bytes, count);
    return got < 0 ? -1 : got;
}

const char *carchive_error(carchive *archive) { return archive_error_string(archive); }

int carchive_errno(carchive *archive) { return archive_errno(archive); }

void carchive_free(carchive *archive) { archive_free(archive); }
