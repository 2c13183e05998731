/* SPDX-License-Identifier: GPL-2.0 */
/* There is one thread, and nothing to wait for. */
#ifndef FUZZ_LINUX_SPINLOCK_H
#define FUZZ_LINUX_SPINLOCK_H

typedef struct { } spinlock_t;

#define spin_lock_init(lock)	((void)(lock))
#define spin_lock_bh(lock)	((void)(lock))
#define spin_unlock_bh(lock)	((void)(lock))
#define READ_ONCE(x)		(x)
#define WRITE_ONCE(x, v)	((x) = (v))

#endif /* FUZZ_LINUX_SPINLOCK_H */
