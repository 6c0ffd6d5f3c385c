#pragma once
#include <postgresql/libpq-fe.h>
#include <sqlite3.h>
#include <stdint.h>

// SQLITE_TRANSIENT is a cast that Swift does not import.
int cw_sqlite_bind_text(sqlite3_stmt *statement, int index, const char *text, sqlite3_uint64 length);
int cw_sqlite_bind_bytes(sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 length);

// sqlite3_db_config is variadic. DEFENSIVE on, double-quoted string literals off.
int cw_sqlite_harden(sqlite3 *database);

// Server notices go nowhere; libpq would print them on standard error.
void cw_pg_silence(PGconn *connection);

// When a file was made on its disk: 1 and the time, 0 where the disk does not say, -1 where there is no such file.
// statx is not in Swift's Glibc.
int cw_file_born(const char *path, int64_t *nanoseconds);
