#ifndef BAMBU_CCURL_H
#define BAMBU_CCURL_H

// libcurl, loaded when the first request is made: it brings 27 libraries, which a printer on the LAN does not need.
// Swift sees this header alone. One thread uses a multi handle and its transfers.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/// Loads the shared library `name`. Returns NULL, or the loader's reason, which the thread's next call overwrites.
/// A library that is loaded stays so. Any thread may call it.
const char *ccurl_load(const char *name);

/// What libcurl wants of the event loop. Both are called inside of `ccurl_ready`, `ccurl_due`, `ccurl_start` and
/// `ccurl_end`, and must not call libcurl.
struct ccurl_events {
    void *context;
    /// `fd` is to be watched for what is true; for neither: no longer watched. `transfer` is its number.
    void (*watch)(void *context, uint64_t transfer, int fd, bool read, bool write);
    /// `ccurl_due` is to be called in `milliseconds`; -1: no longer.
    void (*schedule)(void *context, long milliseconds);
};

struct ccurl_multi;
struct ccurl_transfer;

/// What is sent. All strings are copied, and wiped with the transfer.
struct ccurl_request {
    uint64_t number;
    const char *url;
    const char *method;
    /// `Name: value`, `header_count` of them.
    const char *const *headers;
    size_t header_count;
    /// NULL for none.
    const char *body;
    size_t body_length;
    /// `host:port:address,…`, or NULL: then libcurl looks names up, each on a thread that is not waited for.
    const char *addresses;
    /// Whether the URL may be one without TLS.
    bool allows_plain;
    /// The most bytes of header and trailer lines, and of the body.
    size_t header_limit, body_limit;
};

enum ccurl_outcome {
    CCURL_ANSWERED,
    CCURL_NO_HOST,
    CCURL_NO_CONNECTION,
    CCURL_LOST,
    CCURL_TIMEOUT,
    CCURL_UNTRUSTED,
    CCURL_TOO_LONG,
    CCURL_FAILED,
};

/// A transfer that has ended. The buffers belong to it.
struct ccurl_result {
    uint64_t number;
    enum ccurl_outcome outcome;
    /// libcurl's words, for `CCURL_FAILED`.
    const char *reason;
    long status;
    /// The lines of the last answer, each with its line end, without trailers.
    const char *headers;
    size_t headers_length;
    const char *body;
    size_t body_length;
};

/// Returns NULL if libcurl refuses. `ccurl_load` must have succeeded.
struct ccurl_multi *ccurl_multi_create(struct ccurl_events events);
/// Every transfer must have ended.
void ccurl_multi_destroy(struct ccurl_multi *multi);

/// Returns NULL if libcurl refuses.
struct ccurl_transfer *ccurl_start(struct ccurl_multi *multi, const struct ccurl_request *request);
/// Ends a transfer, under way or not, and frees it.
void ccurl_end(struct ccurl_multi *multi, struct ccurl_transfer *transfer);

void ccurl_ready(struct ccurl_multi *multi, int fd, bool readable, bool writable, bool broken);
void ccurl_due(struct ccurl_multi *multi);
/// Takes the next transfer that has ended; false if there is none. `ccurl_end` is still to be called.
bool ccurl_take(struct ccurl_multi *multi, struct ccurl_result *result);

#pragma GCC visibility pop

#endif
