// Linux system calls that the Glibc module of Swift does not show.
#ifndef MOCK_ZITADEL_CSYSTEM_H
#define MOCK_ZITADEL_CSYSTEM_H

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

/// accept4 with SOCK_CLOEXEC and SOCK_NONBLOCK: a GNU extension.
int mz_accept(int descriptor, struct sockaddr *address, socklen_t *size);

#endif
