# SPDX-License-Identifier: GPL-2.0-only
# What both package directories say: the source is the tree that this feed lies
# in, so nothing is fetched and there is no version to keep in step.

POTS_DIR:=$(abspath $(CURDIR)/../../..)

PKG_VERSION:=$(shell cat $(POTS_DIR)/VERSION)
PKG_RELEASE:=1
PKG_MAINTAINER:=The pots authors <pots@example.org>
PKG_LICENSE_FILES:=COPYING

# A change of these builds the package anew.
POTS_PARTS:=VERSION COPYING $(POTS_PARTS)
PKG_FILE_DEPENDS:=$(addprefix $(POTS_DIR)/,$(POTS_PARTS))

define Build/Prepare
	mkdir -p $(PKG_BUILD_DIR)
	cd $(POTS_DIR) && $(CP) $(POTS_PARTS) $(PKG_BUILD_DIR)/
endef

define Build/Configure
endef
