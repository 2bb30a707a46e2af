#ifndef BAMBU_CSHIM_H
#define BAMBU_CSHIM_H

// Functions that Swift cannot import: epoll, eventfd and accept4 (not in the Glibc module), function-like macros of
// OpenSSL, and a BIO method, whose callbacks must be C functions.

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <semaphore.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/// A ready descriptor, as returned by `shim_epoll_wait`.
struct shim_ready {
    int fd;
    bool readable;
    bool writable;
    /// The peer is gone or the descriptor failed; reading returns which.
    bool broken;
};

int shim_epoll_create(void);
/// Adds `fd` to the interest list if `add` is true, or else changes its interest. Returns 0 or an errno.
int shim_epoll_set(int epoll, int fd, bool add, bool read, bool write);
int shim_epoll_remove(int epoll, int fd);
/// Waits for at most `timeout_ms` (-1: indefinitely). Returns the number of filled entries of `ready`, or a negated
/// errno.
int shim_epoll_wait(int epoll, struct shim_ready *ready, int capacity, int timeout_ms);

int shim_eventfd(void);
/// Accepts a connection as a non-blocking, close-on-exec descriptor. Returns it, or a negated errno.
int shim_accept(int listener);

/// The number of bytes read from a TCP connection so far; -1 if the kernel does not report it.
int64_t shim_bytes_read(int fd);

/// Sets the name of the calling thread, at most 15 bytes.
void shim_set_thread_name(const char *name);

/// Sets PR_SET_NO_NEW_PRIVS and clears PR_SET_DUMPABLE: no privileges from started programs, and no memory dumps.
void shim_restrict_process(void);

/// Disables OpenSSL's cleanup at exit, when another thread may still use it. Must be called before any use of OpenSSL.
void shim_openssl_skip_cleanup(void);

/// Configures malloc to return freed memory to the system early: the body of a fleet's scrape is large and short-lived.
void shim_return_memory(void);
/// Returns free memory to the system, including memory in the middle of the heap. Takes 1 to 2 ms in a large process.
void shim_trim_memory(void);
/// The environment variables, as `NAME=value`; a null pointer ends the list.
char *const *shim_environment(void);
/// Overwrites the value of an environment variable in the memory that the kernel shows as `/proc/PID/environ`.
void shim_forget_variable(const char *name);

/// Waits until a semaphore is signalled or the monotonic clock reaches `deadline`, in nanoseconds. Returns whether it
/// was signalled.
bool shim_semaphore_wait(sem_t *semaphore, uint64_t deadline);

/// `CLOCK_MONOTONIC` in nanoseconds.
uint64_t shim_monotonic_nanoseconds(void);

/// A date such as `Wed, 21 Oct 2026 07:28:00 GMT`, in seconds since 1970; -1 for any other text. Source: RFC 9110,
/// section 5.6.7.
int64_t shim_http_date(const char *text);

/// Configures a client's context for TLS 1.2 and 1.3. Returns false if OpenSSL rejects it.
///
/// For a printer TLS 1.2 at most, since a P2S does not answer a ClientHello that offers 1.3; and RSA key exchange with
/// GCM as well, the only one that port 6000 of an H2D offers.
bool shim_ssl_ctx_set_client_defaults(SSL_CTX *context, bool is_printer);
/// Configures a server's context: TLS 1.2 and 1.3 or only one of them, no renegotiation, the server's order of ciphers,
/// and session resumption only by tickets.
void shim_ssl_ctx_set_server_defaults(SSL_CTX *context, bool only_tls13, bool only_tls12);
/// Whether `password` matches the bcrypt hash `hash`. The duration depends on the cost factor of the hash.
bool shim_bcrypt_matches(const char *password, const char *hash);
/// The certificates between the context's own and the authority; they stay the context's.
void shim_ssl_ctx_get_chain(SSL_CTX *context, STACK_OF(X509) **chain);
bool shim_ssl_set_server_name(SSL *ssl, const char *name);

/// The number of bytes that a connection may still deliver.
struct shim_read_budget {
    /// Encrypted bytes left in this turn of the event loop; at 0 a read returns "try again".
    size_t turn;
    /// Bytes of content left until a message must be complete; at 0 a read fails.
    size_t message;
    /// Set when a read failed because `message` was 0.
    bool exhausted;
};

/// Installs a filter below `ssl` that limits reads by `budget`, which must outlive `ssl`. Returns false if OpenSSL is
/// out of memory.
bool shim_ssl_limit_reads(SSL *ssl, struct shim_read_budget *budget);

#pragma GCC visibility pop

#endif
