// SPDX-License-Identifier: GPL-2.0
/*
 * What the host reads at its physical address, and not in a buffer that has a
 * name on the bus.
 *
 * In a confidential VM it can read none of the guest's own memory. What we write
 * for it lies in coherent memory there, which is shared; frames of the stack are
 * copied by the DMA API.
 */
#include <linux/dma-mapping.h>
#include <linux/slab.h>

#include "../netvsc.h"
#include "shared.h"

/**
 * netvsc_isolate() - the host is shown copies, and there is no VF
 * @nv: the device, not connected yet
 *
 * Context: process.
 */
void netvsc_isolate(struct netvsc *nv)
{
	struct device *dev = &nv->hdev->device;

	nv->isolated = true;
	dma_set_coherent_mask(dev, DMA_BIT_MASK(64));
	dma_set_min_align_mask(dev, HV_HYP_PAGE_SIZE - 1);
	netdev_info(nv->ndev,
		    "SR-IOV not advertised by guests on the host supporting isolation\n");
}

/**
 * netvsc_shared_alloc() - zeroed memory that the host may read
 * @nv: the device
 * @mem: filled in
 * @bytes: a power of two; it is aligned to that, up to a page
 *
 * Context: process. Return: 0 or -ENOMEM.
 */
int netvsc_shared_alloc(struct netvsc *nv, struct netvsc_shared *mem, u32 bytes)
{
	dma_addr_t at = 0;

	if (nv->isolated) {
		mem->base = dma_alloc_coherent(&nv->hdev->device, bytes, &at,
					       GFP_KERNEL);
	} else {
		/* kmalloc aligns a power of two to itself */
		mem->base = kzalloc(bytes, GFP_KERNEL);
		if (mem->base)
			at = virt_to_phys(mem->base);
	}
	mem->at = at;
	mem->bytes = bytes;
	return mem->base ? 0 : -ENOMEM;
}

/**
 * netvsc_shared_free() - the host does not read it any more
 * @nv: the device
 * @mem: from netvsc_shared_alloc(), or zeroed
 *
 * Context: process.
 */
void netvsc_shared_free(struct netvsc *nv, struct netvsc_shared *mem)
{
	if (nv->isolated && mem->base)
		dma_free_coherent(&nv->hdev->device, mem->bytes, mem->base,
				  mem->at);
	else
		kfree(mem->base);
	mem->base = NULL;
}

static int netvsc_frame_map_head(struct device *dev,
				 struct netvsc_frame_map *map,
				 const struct sk_buff *skb)
{
	u32 len = skb_headlen(skb);
	dma_addr_t at = 0;

	if (len) {
		at = dma_map_single(dev, skb->data, len, DMA_TO_DEVICE);
		if (dma_mapping_error(dev, at))
			return -ENOMEM;
	}
	map->part[0].at = at;
	map->part[0].len = len;
	map->num = 1;
	return 0;
}

static int netvsc_frame_map_frag(struct device *dev,
				 struct netvsc_frame_map *map,
				 const skb_frag_t *frag)
{
	u32 len = skb_frag_size(frag);
	dma_addr_t at = 0;

	if (len) {
		at = skb_frag_dma_map(dev, frag, 0, len, DMA_TO_DEVICE);
		if (dma_mapping_error(dev, at))
			return -ENOMEM;
	}
	map->part[map->num].at = at;
	map->part[map->num++].len = len;
	return 0;
}

/**
 * netvsc_frame_map() - copy a frame to where the host may read it
 * @dev: of the VMBus
 * @map: filled in
 * @skb: the frame
 *
 * A part keeps its place within a page, so that it touches as many as before.
 *
 * Context: any. Return: 0, or -ENOMEM with nothing mapped.
 */
int netvsc_frame_map(struct device *dev, struct netvsc_frame_map *map,
		     const struct sk_buff *skb)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);
	int i, err;

	map->num = 0;
	err = netvsc_frame_map_head(dev, map, skb);
	for (i = 0; !err && i < shinfo->nr_frags; i++)
		err = netvsc_frame_map_frag(dev, map, &shinfo->frags[i]);
	if (err)
		netvsc_frame_unmap(dev, map);
	return err;
}

/**
 * netvsc_frame_unmap() - the host is done with a frame
 * @dev: of the VMBus
 * @map: of the frame, or with nothing mapped
 *
 * Context: any.
 */
void netvsc_frame_unmap(struct device *dev, struct netvsc_frame_map *map)
{
	while (map->num) {
		map->num--;
		if (!map->part[map->num].len)
			continue;
		/* How it was mapped makes no difference to those who copy. */
		dma_unmap_page(dev, map->part[map->num].at,
			       map->part[map->num].len, DMA_TO_DEVICE);
	}
}
