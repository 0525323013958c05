# SPDX-License-Identifier: GPL-2.0-only
# Plain telephones on Linux: `make help` says what there is.
#
# The objects are named in Kbuild and driver/Kbuild. Modules are built out of
# the source tree, one directory for each kernel, so that several kernels can
# be served from one checkout.

BUILD	:= $(CURDIR)/build
DEPMOD	?= depmod
INSTALL	?= install
prefix	?= /usr

# The kernel to build for: KERNEL=6.1 for one of the test machine's, or its
# directory (KDIR, or KERNEL_SRC with O as distributions pass it).
ifneq ($(KERNEL),)
ifeq ($(filter check%,$(MAKECMDGOALS)),)
KDIR	:= $(or $(shell tests/vm/kernel $(KERNEL)),$(error no kernel $(KERNEL)))/build
# Of another architecture: its compilers, and a directory of its own.
-include $(KDIR:build=cross.mk)
ifdef MACHINE
BUILD	:= $(BUILD)/$(MACHINE)
export ARCH CROSS_COMPILE
endif
endif
endif
KERNEL_SRC ?= /lib/modules/$(shell uname -r)/build
KDIR	?= $(KERNEL_SRC)
kobj	:= $(or $(O),$(KDIR))

release	:= $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' \
	     $(kobj)/include/generated/utsrelease.h 2>/dev/null)
moddir	= $(BUILD)/modules-$(release)
kbuild	= $(MAKE) -C $(KDIR) $(if $(O),O=$(O)) M=$(moddir)

all: modules agent

define no_headers

There are no headers of a kernel in $(kobj).
  On Debian:       apt-get install linux-headers-$(shell uname -r)
  Another kernel:  make modules KDIR=/path/to/kernel/build
  To try pots out: make demo brings a kernel of its own, in a virtual machine

endef

check-headers:
	$(if $(release),,$(error $(no_headers)))

# A farm of links: the compiler's messages lead to the source.
link-sources: check-headers
	@mkdir -p $(moddir)
	@find -L $(moddir) -type l -delete
	@find ./Kbuild ./driver ./uapi -type f \
		\( -name '*.[chS]' -o -name Kbuild -o -name Kconfig \) -exec sh -c \
		'for f; do mkdir -p "$(moddir)/$${f%/*}"; \
		 [ -L "$(moddir)/$$f" ] || ln -s "$(CURDIR)/$${f#./}" "$(moddir)/$$f"; done' sh {} +

modules: link-sources
	+$(kbuild) modules

# Where headers come without System.map, as Debian's do, kbuild leaves depmod out.
modules_install: modules
	+$(kbuild) INSTALL_MOD_PATH=$(INSTALL_MOD_PATH) INSTALL_MOD_DIR=updates/pots \
		DEPMOD="$(DEPMOD)" modules_install
	[ -r $(kobj)/System.map ] || PATH="$$PATH:/sbin" $(DEPMOD) \
		$(if $(INSTALL_MOD_PATH),-b $(INSTALL_MOD_PATH)) $(release)

agent:
	+$(MAKE) -C agent O=$(BUILD)/agent $(if $(MACHINE),CC=$(CC) PKG_CONFIG=$(PKG_CONFIG))

install: agent
	+$(MAKE) -C agent O=$(BUILD)/agent DESTDIR=$(DESTDIR) prefix=$(prefix) install
	$(INSTALL) -d $(DESTDIR)$(prefix)/include/linux
	$(INSTALL) -m 644 uapi/linux/pots.h uapi/linux/pots_netlink.h $(DESTDIR)$(prefix)/include/linux

dist:
	@packaging/make-dist

deb:
	@packaging/make-deb

kernel-patch:
	@packaging/kernel-patch $(KSRC)

setup:
	@tests/setup

demo: setup
	@tests/e2e/demo

# With KERNEL, on that kernel; with PARAM, e.g. preempt=full, more for its command line.
check: setup
	@$(if $(KERNEL),POTS_KERNEL=$(KERNEL)) POTS_PARAM=$(PARAM) tests/run $(SUITES)

check-arch: setup
	@tests/arch/run $(MACHINES)

check-full: setup
	@POTS_FULL=1 tests/run $(SUITES)

check-debug: setup
	@tests/vm/kernel debug >/dev/null
	@POTS_KERNEL=debug tests/run kunit uapi chips e2e trunk fuzz

check-packages: setup
	@POTS_FULL=1 OPENWRT=$(abspath $(OPENWRT)) KSRC=$(abspath $(KSRC)) tests/packaging/run

soak: setup
	@tests/run soak

fuzz: setup
	@FUZZ_SECONDS=$(or $(SECONDS),60) tests/fuzz/host/fuzz $(TARGETS)

bench: setup
	@tests/bench/run

lint: setup
	@tests/run lint

clean:
	$(RM) -r $(BUILD)

help:
	@echo 'make                 modules for the running kernel, and the agent'
	@echo '  modules            KDIR=/path/to/kernel/build, or KERNEL=6.1 for the test machine'
	@echo '  agent              potsd, potsctl and potsim, in build/agent'
	@echo '  modules_install    to INSTALL_MOD_PATH, then depmod'
	@echo '  install            the agent and the headers, to DESTDIR'
	@echo 'make demo            two telephones in a virtual machine, made to call and to fail'
	@echo 'make check           all tests; SUITES="lint unit uapi chips e2e" for some;'
	@echo '                     KERNEL=6.12 for another, PARAM=preempt=full'
	@echo '  check-full         the slow ones too: other kernels, two processors'
	@echo '  check-debug        on a kernel with KASAN, lockdep and kmemleak (built once)'
	@echo '  check-arch         on other architectures, MACHINES="s390x mipsel" for some'
	@echo '  check-packages     what distributions get; OPENWRT=DIR for a build root of OpenWrt'
	@echo '  lint               style, include rules, budgets, headers'
	@echo 'make fuzz            what needs no kernel, SECONDS=60 each; TARGETS="sip sdp" for some'
	@echo 'make soak            thousands of short calls at random: nothing stuck, nothing grown'
	@echo 'make bench           the figures, as a table and as JSON in build/bench.json'
	@echo 'make dist            build/dist/pots-VERSION.tar.xz, the same bytes each time'
	@echo '  kernel-patch       puts the driver into the kernel source KSRC'
	@echo '  deb                Debian packages, in build/deb'
	@echo 'make clean           removes build/'

.PHONY: all check-headers link-sources modules modules_install agent install dist deb kernel-patch \
	setup \
	demo check check-arch check-full check-debug check-packages soak bench lint clean help
