#ifndef BAMBU_CSHIM_H
#define BAMBU_CSHIM_H

// What Swift cannot import: epoll, eventfd and accept4 (outside the Glibc module), OpenSSL's function-like
// macros, and a BIO method, whose callbacks OpenSSL wants as C functions.

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <semaphore.h>
#include <stdint.h>

#pragma GCC visibility push(default)

/// One ready descriptor, as `shim_epoll_wait` reports it.
struct shim_ready {
    int fd;
    bool readable;
    bool writable;
    /// The peer is gone or the descriptor failed; reading tells which.
    bool broken;
};

int shim_epoll_create(void);
/// Adds (`add`) or changes the interest in `fd`. Returns 0, or an errno.
int shim_epoll_set(int epoll, int fd, bool add, bool read, bool write);
int shim_epoll_remove(int epoll, int fd);
/// Waits at most `timeout_ms` (-1: for ever). Returns how many entries of `ready` it filled, or a negated errno.
int shim_epoll_wait(int epoll, struct shim_ready *ready, int capacity, int timeout_ms);

int shim_eventfd(void);
/// Accepts a connection as a non-blocking, close-on-exec descriptor. Returns it, or a negated errno.
int shim_accept(int listener);

/// The bytes that were read from a TCP connection so far; -1 if the kernel does not say.
int64_t shim_bytes_read(int fd);

/// Names the calling thread, with 15 bytes at the most.
void shim_set_thread_name(const char *name);

/// Gives up what this process never needs: more rights by starting programs, and dumps of its memory.
void shim_restrict_process(void);

/// Keeps OpenSSL from cleaning up while the process exits, when another thread may still use it. Call it before OpenSSL.
void shim_openssl_skip_cleanup(void);

/// Lets memory go back to the system as soon as it is freed: the body of a fleet's scrape is large and short-lived.
void shim_return_memory(void);
/// Gives what is free back to the system, in the middle of the heap too. Takes a millisecond or two in a large process.
void shim_trim_memory(void);
/// Overwrites the value of a variable of the environment where the kernel shows it, in `/proc/PID/environ`.
void shim_forget_variable(const char *name);

/// Waits until a semaphore is raised or the monotonic clock reaches `deadline`, in nanoseconds. Returns whether it was
/// raised.
bool shim_semaphore_wait(sem_t *semaphore, uint64_t deadline);

/// `CLOCK_MONOTONIC` in nanoseconds.
uint64_t shim_monotonic_nanoseconds(void);

void shim_ssl_ctx_require_tls12(SSL_CTX *context);
/// A client's context for a printer: TLS 1.2 at most, since a P2S never answers a hello that offers 1.3, and RSA key
/// exchange with GCM too, which is all that port 6000 of an H2D offers. Returns false if OpenSSL refuses it.
bool shim_ssl_ctx_expect_printer(SSL_CTX *context);
/// A server's context: no renegotiation, its own order of ciphers, sessions resumed by tickets alone, and TLS 1.2 and
/// 1.3, of which the other may be left out.
void shim_ssl_ctx_set_server_defaults(SSL_CTX *context, bool only_tls13, bool only_tls12);
/// Whether `password` is the one that the bcrypt hash `hash` was made of. Takes as long as the hash wants.
bool shim_bcrypt_matches(const char *password, const char *hash);
/// Gives the buffers of idle connections back, lets a write be retried from another address, and makes a read
/// return what one record held.
void shim_ssl_ctx_set_modes(SSL_CTX *context);
bool shim_ssl_set_server_name(SSL *ssl, const char *name);

/// The bytes that a connection may still deliver.
struct shim_read_budget {
    /// Encrypted bytes left in this turn of the event loop; at 0 a read says "try again".
    size_t turn;
    /// Bytes of content left until a message has to be complete; at 0 a read fails.
    size_t message;
    /// Set once `message` ran out.
    bool exhausted;
};

/// Puts a filter in front of what `ssl` reads from, which draws on `budget`. `budget` must outlive `ssl`.
/// Returns false where OpenSSL is out of memory.
bool shim_ssl_limit_reads(SSL *ssl, struct shim_read_budget *budget);

/// What `getopt_long` made of the next argument.
struct shim_argument {
    /// The position among the flags of the one that was found; -1 for an operand and for what is wrong.
    int flag;
    /// The flag's value, or the operand; NULL for a flag without a value.
    const char *value;
    /// 0; '?' for an unknown or ambiguous flag, ':' for one whose value is missing, '=' for a value too many.
    int problem;
    /// The argument that is wrong, as it was given.
    const char *given;
};

/// Reads the next of `count` arguments, the first of which is the program's name; starts over where `restart` says so.
/// `takes_value[i]` tells whether the flag `names[i]` does. Returns false at the end. Not reentrant, as `getopt_long`.
bool shim_next_argument(int count, char *const arguments[], const char *const names[], const bool takes_value[],
                        int flags, bool restart, struct shim_argument *found);

#pragma GCC visibility pop

#endif
