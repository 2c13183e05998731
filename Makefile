# SPDX-License-Identifier: GPL-2.0
# make help tells what there is.
KDIR ?= /lib/modules/$(shell uname -r)/build
DRIVER ?= ours
KERNEL ?= 6.1
SCENARIO ?= pair
NICS ?= 1
VF ?=
PACKAGES ?=
LAB := tests/lab/run
LAB_OPTIONS = --driver $(DRIVER) --kernel $(KERNEL) --nics $(NICS) $(VF:%=--vf %)
CACHE := $(or $(LAB_CACHE),$(HOME)/.cache/hv-netvsc-lab)
SCRIPTS := $(shell grep -rlE '^\#!/bin/(ba)?sh|^\# shellcheck shell=' \
	.ci debian packaging scripts tests 2>/dev/null)
PYTHON := $(wildcard tests/lab/lablib/*.py tests/lab/guest/lab/*.py \
	tests/mutants/mutantlib/*.py tests/bench/benchlib/*.py \
	tests/bench/guest/*.py tests/selftests/selftestlib/*.py) \
	$(shell grep -rlE '^\#!/usr/bin/(env )?python3' scripts tests 2>/dev/null)

.PHONY: modules install uninstall clean help lint kunit check check-all
.PHONY: check-stock boots dist version matrix lab lab-run lab-shell demo
.PHONY: compare losses bench fuzz mutants selftests deb rpm packages-check in-tree
.PHONY: arm64 compat dkms-life

modules:	## build hv_netvsc.ko for the running kernel (or KDIR=...)
	@[ -e $(KDIR)/Makefile ] || { echo "There are no headers of a kernel in\
 $(KDIR): install its package (linux-headers-*, kernel-devel), or say KDIR=" >&2; \
		exit 1; }
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

install:	## install it below /lib/modules, if it will be loaded; or FORCE=1
	@scripts/machine-fits . $(patsubst %/,%,$(dir $(KDIR))) "$(CERTIFICATE)" \
		$(or $(NETVSC_NAME),hv_netvsc).ko >&2 || [ -n "$(FORCE)" ]
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules_install

uninstall:	## remove what install has installed
	rm -f $(dir $(KDIR))updates/hv_netvsc.ko* $(dir $(KDIR))extra/hv_netvsc.ko*
	depmod $(notdir $(patsubst %/,%,$(dir $(KDIR))))

clean:		## remove what modules has made
	$(MAKE) -C $(KDIR) M=$(CURDIR) clean
	rm -rf include/compat/generated

version:	## what dkms.conf says
	@sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf

dist:		## the source release, dist/*.tar.gz: the same bits each time
	@packaging/tarball

deb:		## dist/hv-netvsc-dkms_*_all.deb, in a clean chroot
	@packaging/deb

rpm:		## dist/hv-netvsc-dkms-*.noarch.rpm, in a clean chroot
	@packaging/rpm

dkms-life:	## a guest from the installation to the removal, Secure Boot: half an hour
	tests/lab/dkms-life

packages-check:	## install, upgrade, refuse, remove; an hour, half of it in a guest
	tests/packages/tarball
	tests/packages/refusals
	tests/packages/deb
	tests/packages/rpm
	tests/lab/dkms-life

lab:		## one scenario: DRIVER=ours|stock KERNEL=6.1 VF=vmxnet3 SCENARIO=name
	$(LAB) scenario $(SCENARIO) $(LAB_OPTIONS)

lab-run:	## your SCRIPT=path in a guest with a pair; PACKAGES="..."
	$(LAB) script $(SCRIPT) $(LAB_OPTIONS) --packages "$(PACKAGES)"

lab-shell:	## a root shell in a guest with a pair; PACKAGES="..."
	@$(LAB) shell $(LAB_OPTIONS) --packages "$(PACKAGES)"

demo:		## a servicing as you watch; 15 minutes at most the first time
	@$(VF:%=LAB_VF=%) tests/lab/demo

compare:		## what switches cost, ours beside stock: SCENARIO=servicing|load
	@tests/lab/compare $(if $(filter load,$(SCENARIO)),load)

losses:		## lost at each switch, VF and kernel: ROUNDS=3; more than an hour
	@tests/lab/losses --rounds $(or $(ROUNDS),3) \
		$(if $(findstring command,$(origin KERNEL)),--kernels "$(KERNEL)") \
		$(if $(VF),--vfs "$(VF)")

# PATH would be where the shell looks for commands.
bench:		## instructions a packet, ours beside stock: PATHS= ROUNDS=3 PROFILE= VF=
	$(if $(findstring command,$(origin PATH)),\
		$(error paths are given as PATHS="...", not as PATH=...))
	@tests/bench/run --kernel "$(KERNEL)" --vf "$(VF)" --paths "$(PATHS)" \
		--rounds "$(or $(ROUNDS),3)" --profile "$(PROFILE)"

kunit:		## the KUnit suites, in a kernel with KASAN and lockdep
	tests/kunit/run

mutants:	## break the driver on purpose; who notices? FILES="..."
	tests/mutants/run $(FILES)

selftests:	## the kernel's own, ours beside stock: TESTS="ping.py ..."
	@tests/selftests/run $(TESTS)

in-tree:	## in 6.12 and the newest source: =y, =m, patches, kunit.py; an hour
	@tests/tree/in-tree $(PARTS)

arm64:		## pages of 4 and 64 KiB: KUnit in QEMU, sparse, headers; an hour
	@tests/tree/arm64 $(PARTS)

fuzz:		## parsers and the host's device under the sanitizers: TIME=seconds
	$(MAKE) -C tests/fuzz run walk
	tests/host/fuzz/run $(or $(TIME),30) $(or $(SEED),1)

lint:		## checkpatch, W=1, sparse, shellcheck, Python
	@scripts/lint $(SCRIPTS) -- $(PYTHON)

check:		## everything that has to pass
	@tests/lab/check

check-all:	## all of it: slow hosts, debug kernel, controls, newer kernels: hours
	@tests/lab/check --all

check-stock:	## the stock driver, the control, on other kernels
	@tests/lab/check --stock 5.10 6.12 6.18 7

matrix:		## one kernel a series booted, the archive's headers, a table: two hours
	@tests/lab/matrix

compat:		## headers as other distributions have them: ten minutes
	@tests/compat/check

boots:		## COUNT=50 boots in a row
	@tests/lab/boots $(or $(COUNT),50) $(LAB_OPTIONS)

help:		## this list
	@sed -n 's/^\([a-z0-9-]*\):[[:space:]]*## /\1\t/p' $(MAKEFILE_LIST) | \
		expand -t 14
