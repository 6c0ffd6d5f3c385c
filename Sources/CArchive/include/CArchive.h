// What we need of libarchive: ZIP files written and read as a stream, over a file descriptor that stays the caller's.
// False means that the library failed; `carchive_error` then says why, until the next call.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// An archive that is being written or read: libarchive's own handle.
typedef struct archive carchive;

/// A ZIP file at the descriptor's place. NULL without memory.
carchive *carchive_writer(int file);
/// Begins a compressed entry, and ends the one before. Its size need not be known: beyond 4 GB it is ZIP64.
bool carchive_begin(carchive *archive, const char *name, int64_t modified_seconds);
bool carchive_write(carchive *archive, const uint8_t *bytes, size_t count);
/// Ends the last entry and writes the directory.
bool carchive_finish(carchive *archive);

/// Reads a ZIP file by its directory. NULL without memory or when the file is no ZIP file: `message` then says why.
carchive *carchive_reader(int file, char *message, size_t message_size);
/// 1: there is a next entry, 0: there is none, -1: the archive is damaged.
/// `name` is the archive's until the next call, NULL where it cannot be read; `is_file` is false of folders, links and
/// all else.
int carchive_next(carchive *archive, const char **name, bool *is_file, bool *is_encrypted);
/// Up to `count` bytes of the entry; 0 at its end, when its checksum was found right; -1 when it is damaged.
int64_t carchive_read(carchive *archive, uint8_t *bytes, size_t count);

const char *carchive_error(carchive *archive);
/// The `errno` of the call of the system that failed, if one did.
int carchive_errno(carchive *archive);
void carchive_free(carchive *archive);
