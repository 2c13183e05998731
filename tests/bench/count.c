// SPDX-License-Identifier: GPL-2.0
/*
 * A plugin for QEMU: how often each block of kernel code was executed, by CPU,
 * between two marks of the guest.
 *
 *	-plugin count.so,out=DIRECTORY
 *
 * A mark is a NOP that no compiler makes: nopl MARK(%rax), with 0x62636d01 for
 * where a span begins or 0x62636d02 for where it ends, and the span's number
 * in place of 0x6d. Spans do not overlap. DIRECTORY/<number> gets a line for
 * each block that was executed in it:
 *
 *	address instructions executions-on-CPU-0 executions-on-CPU-1 ...
 *
 * and "end" as its last line. Blocks that begin at the same address may differ
 * in length, and then have a line each.
 */
#include <glib.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <qemu-plugin.h>

#define KERNEL_TEXT	0xffff800000000000ULL
#define MARK_HIGH	0x6263
#define MARK_SIZE	7

enum {
	SPAN_BEGINS = 1,
	SPAN_ENDS = 2,
};

struct block {
	guint64 address;
	guint64 insns;
	struct qemu_plugin_scoreboard *runs;
	guint64 runs_before[];
};

QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;

static const char *directory;
static unsigned int cpus;
static unsigned int current_span;
/* Blocks by address and length. */
static GHashTable *blocks;
/* Guards blocks and current_span: each CPU translates for itself. */
static GMutex lock;

static guint block_hash(gconstpointer key)
{
	const struct block *block = key;

	return g_int64_hash(&block->address) ^ block->insns;
}

static gboolean block_equal(gconstpointer one, gconstpointer other)
{
	const struct block *a = one, *b = other;

	return a->address == b->address && a->insns == b->insns;
}

static guint64 block_runs(const struct block *block, unsigned int cpu)
{
	return qemu_plugin_u64_get(qemu_plugin_scoreboard_u64(block->runs), cpu);
}

/* The block as it was translated before, perhaps for another CPU, or a new one. */
static struct block *block_of(guint64 address, guint64 insns)
{
	struct block key = { .address = address, .insns = insns };
	struct block *block;

	g_mutex_lock(&lock);
	block = g_hash_table_lookup(blocks, &key);
	if (!block) {
		block = g_malloc0(sizeof(*block) + cpus * sizeof(block->runs_before[0]));
		block->address = address;
		block->insns = insns;
		block->runs = qemu_plugin_scoreboard_new(sizeof(guint64));
		g_hash_table_add(blocks, block);
	}
	g_mutex_unlock(&lock);
	return block;
}

/*
 * Nothing is set to 0: another CPU may be adding, and would undo it. Blocks that
 * are translated later start with 0 by themselves.
 */
static void span_begins(unsigned int span)
{
	GHashTableIter iter;
	gpointer key;

	current_span = span;
	g_hash_table_iter_init(&iter, blocks);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		struct block *block = key;

		for (unsigned int cpu = 0; cpu < cpus; cpu++)
			block->runs_before[cpu] = block_runs(block, cpu);
	}
}

static void write_block(FILE *file, const struct block *block)
{
	guint64 runs[cpus], all = 0;

	for (unsigned int cpu = 0; cpu < cpus; cpu++) {
		runs[cpu] = block_runs(block, cpu) - block->runs_before[cpu];
		all += runs[cpu];
	}
	if (!all)
		return;
	fprintf(file, "%" G_GINT64_MODIFIER "x %" G_GUINT64_FORMAT, block->address, block->insns);
	for (unsigned int cpu = 0; cpu < cpus; cpu++)
		fprintf(file, " %" G_GUINT64_FORMAT, runs[cpu]);
	fputc('\n', file);
}

/* A file that is missing or short is found by who reads it; why, is in the log. */
static void span_ends(unsigned int span)
{
	g_autofree char *path = g_strdup_printf("%s/%u", directory, span);
	GHashTableIter iter;
	gpointer key;
	FILE *file;

	if (span != current_span) {
		fprintf(stderr, "count: span %u ends, but %u was begun\n", span, current_span);
		return;
	}
	current_span = 0;
	file = fopen(path, "w");
	if (!file) {
		perror(path);
		return;
	}
	g_hash_table_iter_init(&iter, blocks);
	while (g_hash_table_iter_next(&iter, &key, NULL))
		write_block(file, key);
	fputs("end\n", file);
	if (fclose(file))
		perror(path);
}

static void mark_executed(unsigned int cpu, void *data)
{
	unsigned int mark = GPOINTER_TO_UINT(data);
	unsigned int span = mark >> 8;

	g_mutex_lock(&lock);
	if ((mark & 0xff) == SPAN_BEGINS)
		span_begins(span);
	else if ((mark & 0xff) == SPAN_ENDS)
		span_ends(span);
	g_mutex_unlock(&lock);
}

/* The low half of a mark: the span, and what becomes of it. 0: it is none. */
static unsigned int mark_of(const struct qemu_plugin_insn *insn)
{
	static const guint8 nopl[] = { 0x0f, 0x1f, 0x80 };
	guint8 code[MARK_SIZE + 1];

	if (qemu_plugin_insn_data(insn, code, sizeof(code)) != MARK_SIZE ||
	    memcmp(code, nopl, sizeof(nopl)) || (code[6] << 8 | code[5]) != MARK_HIGH)
		return 0;
	return code[4] << 8 | code[3];
}

static void watch_for_marks(struct qemu_plugin_tb *tb)
{
	for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		unsigned int mark = mark_of(insn);

		if (mark)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, mark_executed,
							       QEMU_PLUGIN_CB_NO_REGS,
							       GUINT_TO_POINTER(mark));
	}
}

static void block_translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	guint64 address = qemu_plugin_tb_vaddr(tb);
	struct block *block;

	if (address < KERNEL_TEXT) {
		watch_for_marks(tb);
		return;
	}
	block = block_of(address, qemu_plugin_tb_n_insns(tb));
	qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(tb, QEMU_PLUGIN_INLINE_ADD_U64,
							  qemu_plugin_scoreboard_u64(block->runs),
							  1);
}

QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info,
					   int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		if (g_str_has_prefix(argv[i], "out="))
			directory = g_strdup(argv[i] + strlen("out="));
	if (!directory || !info->system_emulation) {
		fputs("count: out=DIRECTORY is missing, or this emulates no machine\n", stderr);
		return -1;
	}
	cpus = info->system.max_vcpus;
	blocks = g_hash_table_new(block_hash, block_equal);
	qemu_plugin_register_vcpu_tb_trans_cb(id, block_translated);
	return 0;
}
