// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sip_check: what libosip2 accepted but a SIP element must not.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sip_core.h"

/* A host name, an IPv4 address, or what stood in brackets. */
static bool host_sane(const char *host)
{
	unsigned char binary[16];
	size_t len = host ? strlen(host) : 0, i;

	if (!len || len > 255)
		return false;
	if (strchr(host, ':')) {
		char plain[64];

		if (host[0] == '[' && host[len - 1] == ']' && len < sizeof(plain)) {
			memcpy(plain, host + 1, len - 2);
			plain[len - 2] = '\0';
			host = plain;
		}
		return inet_pton(AF_INET6, host, binary) == 1;
	}
	for (i = 0; i < len; i++)
		if (!isalnum((unsigned char)host[i]) && !strchr("-._", host[i]))
			return false;
	return true;
}

static bool port_sane(const char *port)
{
	if (!port)
		return true;
	return sip_slice_number((struct sip_slice){ port, strlen(port) }, 65535) > 0;
}

static bool is_sip(const osip_uri_t *uri)
{
	return uri->scheme && (!strcasecmp(uri->scheme, "sip") ||
			       !strcasecmp(uri->scheme, "sips"));
}

static bool uri_sane(const osip_uri_t *uri)
{
	if (!uri || !uri->scheme)
		return false;
	if (!is_sip(uri))
		return true;
	return host_sane(uri->host) && port_sane(uri->port);
}

char *sip_check_uri(const osip_uri_t *uri)
{
	char *text = NULL, *copy = NULL;

	if (!uri_sane(uri) || !is_sip(uri) || osip_uri_to_str(uri, &text))
		return NULL;
	if (sip_guard_uri(text))
		copy = strdup(text);
	osip_free(text);
	return copy;
}

static bool via_sane(const osip_message_t *msg)
{
	osip_via_t *via = osip_list_get(&msg->vias, 0);
	osip_generic_param_t *branch = NULL;

	if (!via || !via->host || !via->protocol || !host_sane(via->host) ||
	    !port_sane(via->port))
		return false;
	if (!via->version || strcmp(via->version, "2.0"))
		return false;
	osip_via_param_get_byname(via, "branch", &branch);
	if (!branch)	/* RFC 2543: libosip2 matches by the other headers */
		return true;
	return branch->gvalue && strcasecmp(branch->gvalue, "z9hG4bK");
}

static bool contact_sane(const osip_message_t *msg)
{
	bool dialog = strcmp(msg->sip_method, "REGISTER");
	osip_contact_t *contact;
	int i;

	for (i = 0; (contact = osip_list_get(&msg->contacts, i)); i++) {
		if (contact->displayname && !strcmp(contact->displayname, "*"))
			continue;
		/* Headers in a Contact URI of a dialog are not allowed. */
		if (!uri_sane(contact->url) ||
		    (dialog && osip_list_size(&contact->url->url_headers) > 0))
			return false;
	}
	return true;
}

/* An IPv6 address without brackets parses as host and port. */
static bool uri_bracketed(struct sip_slice uri)
{
	const char *at = memchr(uri.p, '@', uri.len), *p, *end = uri.p + uri.len;
	unsigned int colons = 0;

	for (p = at ? at : uri.p; p < end && *p != ';' && *p != '?'; p++) {
		if (*p == '[')
			return true;
		colons += *p == ':';
	}
	return colons <= (at ? 1u : 2u);
}

static int check_request(const struct sip_scan *scan, const osip_message_t *msg)
{
	osip_contact_t *contact = osip_list_get(&msg->contacts, 0);

	if (!msg->req_uri || !msg->sip_method || !uri_sane(msg->req_uri))
		return 400;
	if (osip_list_size(&msg->req_uri->url_headers) > 0)
		return 400;
	if (is_sip(msg->req_uri) && !uri_bracketed(scan->uri))
		return 400;
	if (!strcasecmp(msg->req_uri->scheme, "sips"))
		return 416;	/* no TLS, so nothing we could promise */
	if (!contact_sane(msg))
		return 400;
	if (MSG_IS_INVITE(msg) && (!contact || !contact->url || !is_sip(contact->url)))
		return 400;
	return 0;
}

int sip_check(const struct sip_scan *scan, const osip_message_t *msg)
{
	int status = 0;

	if (!msg->from || !msg->from->url || !msg->to || !msg->to->url ||
	    !msg->call_id || !msg->call_id->number || !msg->cseq ||
	    !msg->cseq->number || !msg->cseq->method)
		status = 400;
	else if (!uri_sane(msg->from->url) || !uri_sane(msg->to->url))
		status = 400;
	else if (!via_sane(msg))
		status = 400;
	else if (!scan->response)
		status = check_request(scan, msg);
	else if (msg->status_code != scan->status)
		status = 400;
	if (status && (scan->response || sip_slice_is(scan->method, "ACK")))
		return -1;
	return status;
}
