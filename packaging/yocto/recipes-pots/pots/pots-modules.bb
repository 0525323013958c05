# SPDX-License-Identifier: GPL-2.0-or-later
SUMMARY = "Kernel modules for the chips that telephone lines hang on"
LICENSE = "GPL-2.0-only"

require pots.inc
inherit module

EXTRA_OEMAKE += "-C ${S} BUILD=${B}"
MAKE_TARGETS = "modules"
MODULES_MODULE_SYMVERS_LOCATION = "modules-${KERNEL_VERSION}"
