// SPDX-License-Identifier: GPL-2.0
/* The bond's machine and inbox, every sequence of events: vf_walk LENGTH */
#include <stdio.h>
#include <stdlib.h>

#include "../kunit/vf_walk.h"

#define STARTS	(sizeof(walk_starts) / sizeof(*walk_starts))

int main(int argc, char **argv)
{
	unsigned int length = argc > 1 ? atoi(argv[1]) : 6;
	u8 trail[WALK_MAX + 1];
	u64 count = 0;
	unsigned int start;
	int i;

	if (length > WALK_MAX)
		return 2;
	for (start = 0; start < STARTS; start++) {
		struct walk first = walk_begin(&walk_starts[start]);
		const char *broken;

		trail[0] = WALK_EVENTS;
		broken = walk_from(&first, 0, length, trail, &count);
		if (!broken)
			continue;
		printf("%s: %s:", broken, walk_starts[start].name);
		for (i = 0; trail[i] != WALK_EVENTS; i++)
			printf(" %s", walk_names[trail[i]]);
		printf("\n");
		return 1;
	}
	printf("%llu sequences of up to %u events\n",
	       (unsigned long long)count, length);
	return 0;
}
