// What Swift cannot see of SQLite: the destructor constant that makes it copy what is bound.
#ifndef MOCK_ZITADEL_CSQLITE_SHIM_H
#define MOCK_ZITADEL_CSQLITE_SHIM_H

#include <sqlite3.h>

static inline int mz_bind_text(sqlite3_stmt *statement, int index, const char *text, int count) {
    return sqlite3_bind_text(statement, index, text, count, SQLITE_TRANSIENT);
}
static inline int mz_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int count) {
    return sqlite3_bind_blob(statement, index, bytes, count, SQLITE_TRANSIENT);
}
static inline void mz_result_text(sqlite3_context *context, const char *text, int count) {
    sqlite3_result_text(context, text, count, SQLITE_TRANSIENT);
}

#endif
