# SPDX-License-Identifier: GPL-2.0-or-later
PKG_BUILD_DIR=$(BUILD_DIR)/$(PKG_NAME)-$(PKG_VERSION)
AutoProbe=0 0 $(1)

# A module's file lies in FILES, its name for /etc/modules.d in AUTOLOAD.
define KernelPackage
$(eval $(call Package/clear))
$(eval $(call KernelPackage/$(1)))
define Package/kmod-$(1)
$(call KernelPackage/$(1))
endef
Package/kmod-$(1)/description=$$(KernelPackage/$(1)/description)
define Package/kmod-$(1)/install
	$(INSTALL_DIR) $$(1)/lib/modules
	$(CP) -L $(FILES) $$(1)/lib/modules/
	$(if $(wordlist 3,99,$(AUTOLOAD)),$(INSTALL_DIR) $$(1)/etc/modules.d && \
		printf '%s\n' $(wordlist 3,99,$(AUTOLOAD)) >$$(1)/etc/modules.d/$(1))
endef
$$(eval $$(call BuildPackage,kmod-$(1)))
endef
