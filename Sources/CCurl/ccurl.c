#define _GNU_SOURCE
#include "ccurl.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

// CURLOPT_PROTOCOLS is deprecated since 7.85; its replacement is missing in Ubuntu 22.04 (7.81).
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
// The header may be older than the library; the number of CURLOPT_QUICK_EXIT (7.87) never changes.
#define QUICK_EXIT ((CURLoption)322)

// The functions of libcurl that are used, without their prefix.
#define FUNCTIONS(X) \
    X(global_init) X(version_info) X(easy_strerror) X(easy_init) X(easy_cleanup) X(easy_setopt) X(easy_getinfo) \
    X(slist_append) X(slist_free_all) \
    X(multi_init) X(multi_cleanup) X(multi_setopt) X(multi_add_handle) X(multi_remove_handle) \
    X(multi_socket_action) X(multi_info_read)

#define MEMBER(name) __typeof__(curl_##name) *name;
static struct {
    FUNCTIONS(MEMBER)
} api;
static bool is_loaded;
static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER;

static const char *load(const char *name) {
    static _Thread_local char reason[256];
    // Report a missing library even if another one is already loaded.
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        const char *words = dlerror();
        strncpy(reason, words == NULL ? "no reason given" : words, sizeof reason - 1);
        return reason;
    }
    if (is_loaded) {
        dlclose(library);
        return NULL;
    }
    const struct {
        const char *name;
        void *place;
    } symbols[] = {
#define SYMBOL(name) {"curl_" #name, &api.name},
        FUNCTIONS(SYMBOL)
    };
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        void *symbol = dlsym(library, symbols[i].name);
        if (symbol == NULL) {
            strncpy(reason, "a function of libcurl is missing", sizeof reason - 1);
            dlclose(library);
            return reason;
        }
        memcpy(symbols[i].place, &symbol, sizeof symbol);
    }
    if (api.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        strncpy(reason, "libcurl failed to initialize", sizeof reason - 1);
        return reason;
    }
    is_loaded = true;
    return NULL;
}

const char *ccurl_load(const char *name) {
    pthread_mutex_lock(&loading);
    const char *reason = load(name);
    pthread_mutex_unlock(&loading);
    return reason;
}

struct ccurl_multi {
    CURLM *handle;
    struct ccurl_events events;
};

struct buffer {
    char *bytes;
    size_t length, capacity;
};

struct ccurl_transfer {
    CURL *easy;
    uint64_t number;
    struct curl_slist *headers, *addresses;
    char *body;
    size_t body_length;
    struct buffer head, content;
    size_t head_total, header_limit, body_limit;
    /// The empty line after the header lines was received: trailers follow.
    bool head_is_complete;
    bool is_too_long;
    void *authorities;
    void (*trust)(void *ssl_context, void *authorities);
};

static CURLcode on_tls(CURL *easy, void *context, void *transfer) {
    (void)easy;
    const struct ccurl_transfer *of = transfer;
    of->trust(context, of->authorities);
    return CURLE_OK;
}

/// Whether libcurl uses the OpenSSL of this version.
static bool is_linked_with(const char *openssl) {
    const char *found = api.version_info(CURLVERSION_NOW)->ssl_version;
    static const char prefix[] = "OpenSSL/";
    return found != NULL && strncmp(found, prefix, sizeof prefix - 1) == 0
        && strcmp(found + sizeof prefix - 1, openssl) == 0;
}

static bool append(struct buffer *buffer, const char *bytes, size_t length) {
    if (length > buffer->capacity - buffer->length) {
        // No overflow: lengths are below the limits of a request, a few MiB.
        size_t capacity = 2 * (buffer->length + length) + 1024;
        char *larger = realloc(buffer->bytes, capacity);
        if (larger == NULL) return false;
        buffer->bytes = larger;
        buffer->capacity = capacity;
    }
    memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
    return true;
}

/// Receives header lines of interim responses and of the response, and trailers. All count against the limit; only the
/// lines of the last response are kept.
static size_t on_header(char *line, size_t size, size_t count, void *context) {
    struct ccurl_transfer *transfer = context;
    size_t length = size * count;
    if (length > transfer->header_limit - transfer->head_total) {
        transfer->is_too_long = true;
        return 0;
    }
    transfer->head_total += length;
    if (length >= 5 && memcmp(line, "HTTP/", 5) == 0 && transfer->content.length == 0) {
        transfer->head.length = 0;
        transfer->head_is_complete = false;
        return length;
    }
    if (transfer->head_is_complete) return length;
    if (length <= 2 && (line[0] == '\r' || line[0] == '\n')) {
        transfer->head_is_complete = true;
        return length;
    }
    return append(&transfer->head, line, length) ? length : 0;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context) {
    struct ccurl_transfer *transfer = context;
    size_t length = size * count;
    if (length > transfer->body_limit - transfer->content.length) {
        transfer->is_too_long = true;
        return 0;
    }
    return append(&transfer->content, bytes, length) ? length : 0;
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *context, void *unused) {
    (void)unused;
    struct ccurl_multi *multi = context;
    struct ccurl_transfer *transfer = NULL;
    api.easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
    bool reads = what == CURL_POLL_IN || what == CURL_POLL_INOUT;
    bool writes = what == CURL_POLL_OUT || what == CURL_POLL_INOUT;
    multi->events.watch(multi->events.context, transfer == NULL ? 0 : transfer->number, fd, reads, writes);
    return 0;
}

static int on_timer(CURLM *handle, long milliseconds, void *context) {
    (void)handle;
    struct ccurl_multi *multi = context;
    multi->events.schedule(multi->events.context, milliseconds);
    return 0;
}

struct ccurl_multi *ccurl_multi_create(struct ccurl_events events) {
    struct ccurl_multi *multi = calloc(1, sizeof *multi);
    if (multi == NULL || !is_loaded) {
        free(multi);
        return NULL;
    }
    multi->events = events;
    multi->handle = api.multi_init();
    if (multi->handle == NULL || api.multi_setopt(multi->handle, CURLMOPT_SOCKETFUNCTION, on_socket) != CURLM_OK
        || api.multi_setopt(multi->handle, CURLMOPT_SOCKETDATA, multi) != CURLM_OK
        || api.multi_setopt(multi->handle, CURLMOPT_TIMERFUNCTION, on_timer) != CURLM_OK
        || api.multi_setopt(multi->handle, CURLMOPT_TIMERDATA, multi) != CURLM_OK) {
        ccurl_multi_destroy(multi);
        return NULL;
    }
    return multi;
}

void ccurl_multi_destroy(struct ccurl_multi *multi) {
    if (multi->handle != NULL) api.multi_cleanup(multi->handle);
    free(multi);
}

static void release(struct ccurl_transfer *transfer) {
    if (transfer->easy != NULL) api.easy_cleanup(transfer->easy);
    // A header may contain a token, the body a password, and the response a new token.
    for (struct curl_slist *line = transfer->headers; line != NULL; line = line->next) {
        explicit_bzero(line->data, strlen(line->data));
    }
    api.slist_free_all(transfer->headers);
    api.slist_free_all(transfer->addresses);
    if (transfer->body != NULL) explicit_bzero(transfer->body, transfer->body_length);
    if (transfer->head.bytes != NULL) explicit_bzero(transfer->head.bytes, transfer->head.capacity);
    if (transfer->content.bytes != NULL) explicit_bzero(transfer->content.bytes, transfer->content.length);
    free(transfer->body);
    free(transfer->head.bytes);
    free(transfer->content.bytes);
    free(transfer);
}

static bool add(struct curl_slist **list, const char *text) {
    struct curl_slist *longer = api.slist_append(*list, text);
    if (longer == NULL) return false;
    *list = longer;
    return true;
}

static bool prepare(struct ccurl_transfer *transfer, const struct ccurl_request *request) {
    for (size_t i = 0; i < request->header_count; i++) {
        if (!add(&transfer->headers, request->headers[i])) return false;
    }
    if (request->addresses != NULL && !add(&transfer->addresses, request->addresses)) return false;
    if (request->body != NULL) {
        // libcurl does not copy the body.
        transfer->body = malloc(request->body_length + 1);
        if (transfer->body == NULL) return false;
        memcpy(transfer->body, request->body, request->body_length);
        transfer->body_length = request->body_length;
    }
    CURL *easy = transfer->easy;
    bool ok = true;
#define SET(option, value) ok = api.easy_setopt(easy, option, value) == CURLE_OK && ok
    SET(CURLOPT_PRIVATE, transfer);
    SET(CURLOPT_URL, request->url);
    SET(CURLOPT_PROTOCOLS, request->allows_plain ? (long)(CURLPROTO_HTTPS | CURLPROTO_HTTP) : (long)CURLPROTO_HTTPS);
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_NOSIGNAL, 1L);
    // Idle connections of the pool are not watched: one that the server closed would stay open until the next request.
    SET(CURLOPT_FORBID_REUSE, 1L);
    SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    SET(CURLOPT_HTTPHEADER, transfer->headers);
    SET(CURLOPT_HEADERFUNCTION, on_header);
    SET(CURLOPT_HEADERDATA, transfer);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, transfer);
    // With CURLOPT_CAPATH, libcurl 7.87 and later parses the file of authorities for each connection, which takes 30
    // ms.
    SET(CURLOPT_CAPATH, NULL);
    if (request->authorities != NULL && is_linked_with(request->openssl)) {
        transfer->authorities = request->authorities;
        transfer->trust = request->trust;
        SET(CURLOPT_CAINFO, NULL);
        SET(CURLOPT_SSL_CTX_DATA, transfer);
        SET(CURLOPT_SSL_CTX_FUNCTION, on_tls);
    }
    if (transfer->addresses != NULL) SET(CURLOPT_RESOLVE, transfer->addresses);
    if (transfer->body != NULL) {
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)transfer->body_length);
        SET(CURLOPT_POSTFIELDS, transfer->body);
    }
    if (strcmp(request->method, transfer->body == NULL ? "GET" : "POST") != 0) {
        SET(CURLOPT_CUSTOMREQUEST, request->method);
    }
#undef SET
    // Not supported before 7.87; there, a name lookup by libcurl (only behind a proxy) delays the end of its transfer.
    api.easy_setopt(easy, QUICK_EXIT, 1L);
    return ok;
}

struct ccurl_transfer *ccurl_start(struct ccurl_multi *multi, const struct ccurl_request *request) {
    struct ccurl_transfer *transfer = calloc(1, sizeof *transfer);
    if (transfer == NULL) return NULL;
    transfer->number = request->number;
    transfer->header_limit = request->header_limit;
    transfer->body_limit = request->body_limit;
    transfer->easy = api.easy_init();
    if (transfer->easy == NULL || !prepare(transfer, request)
        || api.multi_add_handle(multi->handle, transfer->easy) != CURLM_OK) {
        release(transfer);
        return NULL;
    }
    return transfer;
}

void ccurl_end(struct ccurl_multi *multi, struct ccurl_transfer *transfer) {
    api.multi_remove_handle(multi->handle, transfer->easy);
    release(transfer);
}

void ccurl_ready(struct ccurl_multi *multi, int fd, bool readable, bool writable, bool broken) {
    int running = 0;
    int what = (readable ? CURL_CSELECT_IN : 0) | (writable ? CURL_CSELECT_OUT : 0) | (broken ? CURL_CSELECT_ERR : 0);
    api.multi_socket_action(multi->handle, fd, what, &running);
}

void ccurl_due(struct ccurl_multi *multi) {
    int running = 0;
    api.multi_socket_action(multi->handle, CURL_SOCKET_TIMEOUT, 0, &running);
}

static enum ccurl_outcome outcome(const struct ccurl_transfer *transfer, CURLcode code) {
    if (transfer->is_too_long) return CCURL_TOO_LONG;
    switch (code) {
    case CURLE_OK: return CCURL_ANSWERED;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY: return CCURL_NO_HOST;
    case CURLE_COULDNT_CONNECT: return CCURL_NO_CONNECTION;
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR: return CCURL_LOST;
    case CURLE_OPERATION_TIMEDOUT: return CCURL_TIMEOUT;
    case CURLE_PEER_FAILED_VERIFICATION: return CCURL_UNTRUSTED;
    // libcurl reports an endless header line with this code.
    case CURLE_OUT_OF_MEMORY: return CCURL_TOO_LONG;
    default: return CCURL_FAILED;
    }
}

bool ccurl_take(struct ccurl_multi *multi, struct ccurl_result *result) {
    int left = 0;
    CURLMsg *message;
    while ((message = api.multi_info_read(multi->handle, &left)) != NULL) {
        struct ccurl_transfer *transfer = NULL;
        if (message->msg != CURLMSG_DONE
            || api.easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer) != CURLE_OK || transfer == NULL) {
            continue;
        }
        CURLcode code = message->data.result;
        *result = (struct ccurl_result){
            .number = transfer->number,
            .outcome = outcome(transfer, code),
            .reason = api.easy_strerror(code),
            .headers = transfer->head.bytes,
            .headers_length = transfer->head.length,
            .body = transfer->content.bytes,
            .body_length = transfer->content.length,
        };
        api.easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &result->status);
        return true;
    }
    return false;
}
