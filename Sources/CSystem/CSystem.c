#define _GNU_SOURCE
#include "CSystem.h"

int mz_accept(int descriptor, struct sockaddr *address, socklen_t *size) {
    return accept4(descriptor, address, size, SOCK_CLOEXEC | SOCK_NONBLOCK);
}
