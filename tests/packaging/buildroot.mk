# SPDX-License-Identifier: GPL-2.0-or-later
# What packaging/buildroot uses of Buildroot, for a machine that has none, in the order
# in which Buildroot does it:
#
#   make -f tests/packaging/buildroot.mk BR2_EXTERNAL_POTS_PATH=packaging/buildroot \
#	BUILD_DIR=D TARGET_DIR=D LINUX_DIR=KERNEL

INSTALL := install
MODULES := $(MAKE) -C $(LINUX_DIR) PWD=$(BUILD_DIR)/. M=$(BUILD_DIR)/.
POTS_PKGDIR = $(BR2_EXTERNAL_POTS_PATH)/package/pots

# The build directory is that of the target, as recipes expect it.
define generic-package
$(BUILD_DIR)/built:
	mkdir -p $(BUILD_DIR)
	tar -C $$(POTS_SITE) --exclude-vcs $$(subst =/,=./,$$(POTS_OVERRIDE_SRCDIR_RSYNC_EXCLUSIONS)) -c . | \
		tar -C $(BUILD_DIR) -x
	$$(POTS_BUILD_CMDS)
	+$$(MODULES) modules
	$$(POTS_INSTALL_TARGET_CMDS)
	$$(POTS_INSTALL_INIT_SYSV)
	$$(POTS_INSTALL_INIT_SYSTEMD)
	+$$(MODULES) INSTALL_MOD_PATH=$(TARGET_DIR) DEPMOD=true modules_install
	touch $$@
endef

include $(BR2_EXTERNAL_POTS_PATH)/external.mk
