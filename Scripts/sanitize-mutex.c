// For Scripts/sanitize: makes the slow path of Swift's Mutex visible to the thread sanitizer.
//
// Mutex takes a contended lock in the kernel (a futex), where the sanitizer does not look, and so reports a race between two threads that take turns.
// This library is loaded before libswiftSynchronization and takes the lock by atomic operations that the sanitizer knows.
#include <sched.h>
#include <stdint.h>

int __tsan_atomic32_compare_exchange_strong(
    volatile uint32_t *value, uint32_t *expected, uint32_t desired, int success, int failure) __attribute__((weak));

// Synchronization._MutexHandle._lockSlow(Swift.UInt32)
__attribute__((swiftcall)) void lock_slow(uint32_t owner, __attribute__((swift_context)) volatile uint32_t *word)
    __asm__("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");

__attribute__((swiftcall)) void lock_slow(uint32_t owner, __attribute__((swift_context)) volatile uint32_t *word) {
    for (;;) {
        uint32_t free = 0;
        if (__tsan_atomic32_compare_exchange_strong
                ? __tsan_atomic32_compare_exchange_strong(word, &free, owner, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)
                : __atomic_compare_exchange_n(word, &free, owner, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return;
        sched_yield();
    }
}
