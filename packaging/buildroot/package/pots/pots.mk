################################################################################
#
# pots
#
################################################################################

# The tree that this directory lies in.
POTS_SITE = $(realpath $(BR2_EXTERNAL_POTS_PATH)/../..)
POTS_SITE_METHOD = local
POTS_VERSION = $(shell cat $(POTS_SITE)/VERSION)
POTS_OVERRIDE_SRCDIR_RSYNC_EXCLUSIONS = --exclude=/build
POTS_LICENSE = GPL-2.0 (modules), GPL-2.0+ (programs)
POTS_LICENSE_FILES = COPYING
POTS_DEPENDENCIES = c-ares host-pkgconf inih json-c libev libnl libosip2 mbedtls

define POTS_LINUX_CONFIG_FIXUPS
	$(call KCONFIG_ENABLE_OPT,CONFIG_SPI)
	$(call KCONFIG_ENABLE_OPT,CONFIG_SPI_MASTER)
	$(call KCONFIG_ENABLE_OPT,CONFIG_DEBUG_FS)
endef

define POTS_BUILD_CMDS
	$(TARGET_MAKE_ENV) $(TARGET_CONFIGURE_OPTS) $(MAKE) -C $(@D)/agent O=$(@D)/build
endef

define POTS_INSTALL_TARGET_CMDS
	$(TARGET_MAKE_ENV) $(TARGET_CONFIGURE_OPTS) $(MAKE) -C $(@D)/agent O=$(@D)/build \
		DESTDIR=$(TARGET_DIR) prefix=/usr install
	$(INSTALL) -D -m 0644 $(@D)/packaging/udev/60-pots.rules \
		$(TARGET_DIR)/usr/lib/udev/rules.d/60-pots.rules
endef

define POTS_INSTALL_INIT_SYSV
	$(INSTALL) -D -m 0755 $(POTS_PKGDIR)/S60potsd $(TARGET_DIR)/etc/init.d/S60potsd
endef

define POTS_INSTALL_INIT_SYSTEMD
	$(INSTALL) -D -m 0644 $(@D)/packaging/systemd/potsd.service \
		$(TARGET_DIR)/usr/lib/systemd/system/potsd.service
endef

define POTS_USERS
	pots -1 pots -1 * - - - Plain telephones
endef

$(eval $(kernel-module))
$(eval $(generic-package))
