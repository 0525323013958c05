// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sip_addr: socket addresses as SIP writes and compares them.
 */
#include "sip_addr.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sip_text.h"

static struct sockaddr_in *v4(const struct sockaddr_storage *addr)
{
	return (struct sockaddr_in *)addr;
}

static struct sockaddr_in6 *v6(const struct sockaddr_storage *addr)
{
	return (struct sockaddr_in6 *)addr;
}

socklen_t sip_addr_len(const struct sockaddr_storage *addr)
{
	return addr->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) :
					     sizeof(struct sockaddr_in);
}

uint16_t sip_addr_port(const struct sockaddr_storage *addr)
{
	return ntohs(addr->ss_family == AF_INET6 ? v6(addr)->sin6_port :
						   v4(addr)->sin_port);
}

void sip_addr_set_port(struct sockaddr_storage *addr, uint16_t port)
{
	if (addr->ss_family == AF_INET6)
		v6(addr)->sin6_port = htons(port);
	else
		v4(addr)->sin_port = htons(port);
}

void sip_addr_host(const struct sockaddr_storage *addr, char to[SIP_ADDR_STRLEN])
{
	char text[INET6_ADDRSTRLEN] = "";

	if (addr->ss_family == AF_INET6) {
		inet_ntop(AF_INET6, &v6(addr)->sin6_addr, text, sizeof(text));
		snprintf(to, SIP_ADDR_STRLEN, "[%s]", text);
	} else {
		inet_ntop(AF_INET, &v4(addr)->sin_addr, text, sizeof(text));
		snprintf(to, SIP_ADDR_STRLEN, "%s", text);
	}
}

void sip_addr_str(const struct sockaddr_storage *addr, char to[SIP_ADDR_STRLEN])
{
	size_t len;

	sip_addr_host(addr, to);
	len = strlen(to);
	snprintf(to + len, SIP_ADDR_STRLEN - len, ":%u", sip_addr_port(addr));
}

bool sip_addr_same_host(const struct sockaddr_storage *a, const struct sockaddr_storage *b)
{
	if (a->ss_family != b->ss_family)
		return false;
	if (a->ss_family == AF_INET6)
		return !memcmp(&v6(a)->sin6_addr, &v6(b)->sin6_addr, 16);
	return v4(a)->sin_addr.s_addr == v4(b)->sin_addr.s_addr;
}

bool sip_addr_same(const struct sockaddr_storage *a, const struct sockaddr_storage *b)
{
	return sip_addr_same_host(a, b) && sip_addr_port(a) == sip_addr_port(b);
}

int sip_addr_parse(const char *host, uint16_t port, struct sockaddr_storage *addr)
{
	char text[INET6_ADDRSTRLEN];
	size_t len = strlen(host);

	memset(addr, 0, sizeof(*addr));
	if (len >= 2 && host[0] == '[' && host[len - 1] == ']') {
		host++;
		len -= 2;
	}
	if (len >= sizeof(text))
		return -EINVAL;
	memcpy(text, host, len);
	text[len] = '\0';
	if (inet_pton(AF_INET, text, &v4(addr)->sin_addr) == 1)
		addr->ss_family = AF_INET;
	else if (inet_pton(AF_INET6, text, &v6(addr)->sin6_addr) == 1)
		addr->ss_family = AF_INET6;
	else
		return -EINVAL;
	sip_addr_set_port(addr, port);
	return 0;
}

void sip_addr_unmap(struct sockaddr_storage *addr)
{
	struct sockaddr_in plain = { .sin_family = AF_INET };

	if (addr->ss_family != AF_INET6 || !IN6_IS_ADDR_V4MAPPED(&v6(addr)->sin6_addr))
		return;
	memcpy(&plain.sin_addr, &v6(addr)->sin6_addr.s6_addr[12], 4);
	plain.sin_port = v6(addr)->sin6_port;
	memset(addr, 0, sizeof(*addr));
	memcpy(addr, &plain, sizeof(plain));
}

int sip_host_split(const char *text, char *host, size_t size, uint16_t *port)
{
	struct sip_slice name, rest;
	const char *end;
	long number;

	if (text[0] == '[') {
		end = strchr(text, ']');
		if (!end)
			return -EINVAL;
		name = (struct sip_slice){ text + 1, (size_t)(end - text - 1) };
		end++;
	} else {
		end = strchr(text, ':');
		if (!end || strchr(end + 1, ':'))	/* a bare IPv6 address */
			end = text + strlen(text);
		name = (struct sip_slice){ text, (size_t)(end - text) };
	}
	if (!name.len || name.len >= size)
		return -EINVAL;
	*port = 0;
	if (*end) {
		rest = (struct sip_slice){ end + 1, strlen(end + 1) };
		number = sip_slice_number(rest, 65535);
		if (*end != ':' || number <= 0)
			return -EINVAL;
		*port = (uint16_t)number;
	}
	sip_slice_copy(name, host, size);
	return 0;
}
