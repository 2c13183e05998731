// SPDX-License-Identifier: GPL-2.0
/* The bond's machine, every sequence of events: vf_walk LENGTH */
#include <stdio.h>
#include <stdlib.h>

#include "../kunit/vf_walk.h"

int main(int argc, char **argv)
{
	unsigned int length = argc > 1 ? atoi(argv[1]) : 6;
	u8 trail[WALK_MAX + 1];
	u64 count = 0;
	int start, i;

	if (length > WALK_MAX)
		return 2;
	for (start = 0; start < 4; start++) {
		const char *broken;

		trail[0] = WALK_EVENTS;
		broken = walk_from(walk_begin(start & 1, start & 2), 0, length,
				   trail, &count);
		if (!broken)
			continue;
		printf("%s: start %d", broken, start);
		for (i = 0; trail[i] != WALK_EVENTS; i++)
			printf(" %s", walk_names[trail[i]]);
		printf("\n");
		return 1;
	}
	printf("%llu sequences of up to %u events\n",
	       (unsigned long long)count, length);
	return 0;
}
