# SPDX-License-Identifier: GPL-2.0-or-later
# What the feed's Makefiles use of OpenWrt's build root, for a machine that has
# none. The same targets as there where they do the same; besides:
#
#   make -C FEED/PACKAGE TOPDIR=HERE DUMP=1		what is offered
#   make -C FEED/PACKAGE TOPDIR=HERE BUILD_DIR=D compile
#   ... install-PACKAGE STAGE=DIR			as a package would have it
#
# KERNEL_MAKE, make for a kernel's modules, is the caller's.

INCLUDE_DIR:=$(TOPDIR)/include
INSTALL_DIR:=install -d -m0755
INSTALL_BIN:=install -m0755
INSTALL_DATA:=install -m0644
INSTALL_CONF:=install -m0600
CP:=cp -fpR
TARGET_CFLAGS?=-Os -pipe
# libnl-tiny.pc: the host's libnl, of which libnl-tiny has a part.
export PKG_CONFIG_PATH:=$(TOPDIR)

define Package/clear
  TITLE:=
  SUBMENU:=
  DEPENDS:=
  USERID:=
  KCONFIG:=
  FILES:=
  AUTOLOAD:=
endef

all:
.PHONY: all
