#include "cshim.h"

#include <openssl/bio.h>
#include <pthread.h>

// Releases the buffers of idle connections, permits a write to be retried from another address, and makes a read return
// the content of one record.
static void set_modes(SSL_CTX *context) {
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
                                  | SSL_MODE_ENABLE_PARTIAL_WRITE);
}

bool shim_ssl_ctx_set_client_defaults(SSL_CTX *context, bool is_printer) {
    set_modes(context);
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1
           && (!is_printer
               || (SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION) == 1
                   && SSL_CTX_set_cipher_list(context, "DEFAULT:AES256-GCM-SHA384:AES128-GCM-SHA256") == 1));
}

void shim_ssl_ctx_get_chain(SSL_CTX *context, STACK_OF(X509) **chain) {
    SSL_CTX_get0_chain_certs(context, chain);
}

void shim_ssl_ctx_set_server_defaults(SSL_CTX *context, bool only_tls13, bool only_tls12) {
    SSL_CTX_set_min_proto_version(context, only_tls13 ? TLS1_3_VERSION : TLS1_2_VERSION);
    if (only_tls12) {
        SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
    }
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_COMPRESSION
                                     | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    // OpenSSL requires a session id context for resuming sessions with verified clients.
    SSL_CTX_set_session_id_context(context, (const unsigned char *)"bambu_exporter", 14);
    set_modes(context);
}

bool shim_ssl_set_server_name(SSL *ssl, const char *name) {
    return SSL_set_tlsext_host_name(ssl, name) == 1;
}

static int budget_read(BIO *bio, char *out, size_t wanted, size_t *got) {
    struct shim_read_budget *budget = BIO_get_data(bio);
    BIO *next = BIO_next(bio);
    *got = 0;
    BIO_clear_retry_flags(bio);
    if (budget == NULL || next == NULL) {
        return 0;
    }
    if (budget->message == 0) {
        budget->exhausted = true;
        return 0;
    }
    if (budget->turn == 0) {
        BIO_set_retry_read(bio);
        return 0;
    }
    int result = BIO_read_ex(next, out, wanted < budget->turn ? wanted : budget->turn, got);
    BIO_copy_next_retry(bio);
    budget->turn -= *got;
    return result;
}

static int budget_write(BIO *bio, const char *data, size_t length, size_t *written) {
    BIO *next = BIO_next(bio);
    *written = 0;
    BIO_clear_retry_flags(bio);
    if (next == NULL) {
        return 0;
    }
    int result = BIO_write_ex(next, data, length, written);
    BIO_copy_next_retry(bio);
    return result;
}

static long budget_control(BIO *bio, int command, long number, void *pointer) {
    BIO *next = BIO_next(bio);
    return next == NULL ? 0 : BIO_ctrl(next, command, number, pointer);
}

static int budget_create(BIO *bio) {
    BIO_set_init(bio, 1);
    return 1;
}

// The minimum number of bytes of a record that are not content, for the connection's version and cipher.
static size_t record_overhead(const SSL *ssl) {
    if (SSL_version(ssl) == TLS1_3_VERSION) {
        return 17;
    }
    const SSL_CIPHER *cipher = SSL_get_current_cipher(ssl);
    if (cipher == NULL) {
        return 0;
    }
    if (SSL_CIPHER_is_aead(cipher)) {
        return SSL_CIPHER_get_cipher_nid(cipher) == NID_chacha20_poly1305 ? 16 : 24;
    }
    const EVP_MD *digest = EVP_get_digestbynid(SSL_CIPHER_get_digest_nid(cipher));
    return 16 + (digest == NULL ? 0 : (size_t)EVP_MD_get_size(digest)) + 1;
}

// OpenSSL calls this for each protocol message, and for the header of each record before its content.
static void count_record(int is_sent, int version, int type, const void *bytes, size_t length, SSL *ssl, void *argument) {
    struct shim_read_budget *budget = argument;
    const unsigned char *header = bytes;
    (void)version;
    if (is_sent || type != SSL3_RT_HEADER || length < 5 || budget == NULL || header[0] != SSL3_RT_APPLICATION_DATA) {
        return;
    }
    size_t record = (size_t)header[3] << 8 | header[4];
    size_t overhead = record_overhead(ssl);
    size_t content = record > overhead ? record - overhead : 0;
    budget->message -= content < budget->message ? content : budget->message;
}

static BIO_METHOD *budget_method;
static pthread_once_t budget_once = PTHREAD_ONCE_INIT;

static void make_budget_method(void) {
    BIO_METHOD *method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_FILTER, "read budget");
    if (method != NULL && BIO_meth_set_read_ex(method, budget_read) && BIO_meth_set_write_ex(method, budget_write)
        && BIO_meth_set_ctrl(method, budget_control) && BIO_meth_set_create(method, budget_create)) {
        budget_method = method;
    }
}

bool shim_ssl_limit_reads(SSL *ssl, struct shim_read_budget *budget) {
    pthread_once(&budget_once, make_budget_method);
    BIO *source = SSL_get_rbio(ssl);
    if (budget_method == NULL || source == NULL) {
        return false;
    }
    BIO *filter = BIO_new(budget_method);
    if (filter == NULL) {
        return false;
    }
    BIO_set_data(filter, budget);
    BIO_up_ref(source);
    BIO_push(filter, source);
    SSL_set0_rbio(ssl, filter);
    SSL_set_msg_callback(ssl, count_record);
    SSL_set_msg_callback_arg(ssl, budget);
    return true;
}
