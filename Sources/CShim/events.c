#define _GNU_SOURCE
#include "cshim.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>

int shim_epoll_create(void) {
    return epoll_create1(EPOLL_CLOEXEC);
}

int shim_epoll_set(int epoll, int fd, bool add, bool read, bool write) {
    struct epoll_event event = {
        .events = (read ? (uint32_t)(EPOLLIN | EPOLLRDHUP) : 0) | (write ? (uint32_t)EPOLLOUT : 0),
        .data.fd = fd,
    };
    return epoll_ctl(epoll, add ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event) == 0 ? 0 : errno;
}

int shim_epoll_remove(int epoll, int fd) {
    return epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL) == 0 ? 0 : errno;
}

int shim_epoll_wait(int epoll, struct shim_ready *ready, int capacity, int timeout_ms) {
    struct epoll_event events[64];
    int wanted = capacity < 64 ? capacity : 64;
    int count = epoll_wait(epoll, events, wanted, timeout_ms);
    if (count < 0) {
        return -errno;
    }
    for (int i = 0; i < count; i++) {
        ready[i].fd = events[i].data.fd;
        ready[i].readable = (events[i].events & (EPOLLIN | EPOLLRDHUP)) != 0;
        ready[i].writable = (events[i].events & EPOLLOUT) != 0;
        ready[i].broken = (events[i].events & (EPOLLERR | EPOLLHUP)) != 0;
    }
    return count;
}

int shim_eventfd(void) {
    return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

int shim_accept(int listener) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

int64_t shim_bytes_read(int fd) {
    struct tcp_info info = {0};
    socklen_t length = sizeof info;
    int unread = 0;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) != 0 || ioctl(fd, FIONREAD, &unread) != 0) {
        return -1;
    }
    size_t needed = offsetof(struct tcp_info, tcpi_bytes_received) + sizeof info.tcpi_bytes_received;
    return length < needed ? -1 : (int64_t)info.tcpi_bytes_received - unread;
}

uint64_t shim_monotonic_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

int64_t shim_http_date(const char *text) {
    struct tm parts = {0};
    const char *end = strptime(text, "%a, %d %b %Y %T GMT", &parts);
    return end != NULL && *end == '\0' ? timegm(&parts) : -1;
}

void shim_set_thread_name(const char *name) {
    pthread_setname_np(pthread_self(), name);
}

bool shim_semaphore_wait(sem_t *semaphore, uint64_t deadline) {
    struct timespec time = {.tv_sec = (time_t)(deadline / 1000000000), .tv_nsec = (long)(deadline % 1000000000)};
    while (sem_clockwait(semaphore, CLOCK_MONOTONIC, &time) != 0) {
        if (errno != EINTR) return false;
    }
    return true;
}
