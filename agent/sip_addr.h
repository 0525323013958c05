/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sip_addr: socket addresses as SIP writes and compares them.
 */
#ifndef POTS_AGENT_SIP_ADDR_H
#define POTS_AGENT_SIP_ADDR_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define SIP_ADDR_STRLEN 64

socklen_t sip_addr_len(const struct sockaddr_storage *addr);
uint16_t sip_addr_port(const struct sockaddr_storage *addr);
void sip_addr_set_port(struct sockaddr_storage *addr, uint16_t port);
/* "192.0.2.1" or "[2001:db8::1]". */
void sip_addr_host(const struct sockaddr_storage *addr, char to[SIP_ADDR_STRLEN]);
/* The same, and ":port". */
void sip_addr_str(const struct sockaddr_storage *addr, char to[SIP_ADDR_STRLEN]);
bool sip_addr_same_host(const struct sockaddr_storage *a, const struct sockaddr_storage *b);
bool sip_addr_same(const struct sockaddr_storage *a, const struct sockaddr_storage *b);
/* A numeric host, brackets allowed around IPv6. 0 or -EINVAL. */
int sip_addr_parse(const char *host, uint16_t port, struct sockaddr_storage *addr);
/* ::ffff:192.0.2.1 becomes 192.0.2.1. */
void sip_addr_unmap(struct sockaddr_storage *addr);

/*
 * Splits "host", "host:port", "[v6]:port". @host has room for @size bytes and
 * gets no brackets; @port is 0 when none is given. 0 or -EINVAL.
 */
int sip_host_split(const char *text, char *host, size_t size, uint16_t *port);

#endif /* POTS_AGENT_SIP_ADDR_H */
