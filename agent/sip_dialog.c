// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sip_dialog: what the two ends of a call agreed to write into every request,
 * and where requests go: the first route, else the peer's Contact.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sip_core.h"

/* "<uri>" out of a From or To as it came. */
static char *name_addr(struct sip_slice value)
{
	const char *open = memchr(value.p, '<', value.len), *close;
	char *text = NULL;

	close = open ? memchr(open, '>', (size_t)(value.p + value.len - open)) : NULL;
	if (close)
		return strndup(open, (size_t)(close + 1 - open));
	close = memchr(value.p, ';', value.len);
	if (close)
		value.len = (size_t)(close - value.p);
	value = sip_slice_trim(value);
	return asprintf(&text, "<%.*s>", (int)value.len, value.p) < 0 ? NULL : text;
}

void sip_dialog_refresh(struct sip_dialog *dialog, const osip_message_t *msg)
{
	osip_contact_t *contact = osip_list_get(&msg->contacts, 0);
	char *target = contact ? sip_check_uri(contact->url) : NULL;

	if (!target)	/* what we have is better */
		return;
	free(dialog->target);
	dialog->target = target;
}

/* The URIs of Record-Route as one list; @reversed as a client reads them. */
static char *route_set(const osip_message_t *msg, bool reversed)
{
	int count = osip_list_size(&msg->record_routes), i;
	struct sip_text text;

	if (count <= 0)
		return NULL;
	sip_text_init(&text);
	for (i = 0; i < count; i++) {
		osip_record_route_t *route =
			osip_list_get(&msg->record_routes, reversed ? count - 1 - i : i);
		char *uri = sip_check_uri(route->url);

		if (!uri)
			continue;
		sip_text_add(&text, "%s<%s>", text.len ? ", " : "", uri);
		free(uri);
	}
	return text.full || !text.len ? NULL : strdup(text.p);
}

/* "host" of a URI's text, its port and transport. */
static int split_uri(const char *uri, char *host, size_t size, uint16_t *port,
		     enum sip_transport *transport)
{
	struct sip_slice whole = { uri, strlen(uri) }, value;
	const char *colon = strchr(uri, ':'), *at;
	char part[300];
	size_t len;

	if (!colon || strncasecmp(uri, "sip", 3))
		return -EINVAL;
	len = strcspn(colon + 1, ";?>");
	at = memchr(colon + 1, '@', len);
	if (at)	/* the user part may hold ; and ? */
		len = strcspn(at + 1, ";?>");
	sip_slice_copy((struct sip_slice){ at ? at + 1 : colon + 1, len }, part, sizeof(part));
	if (sip_param(whole, "transport", &value))
		*transport = sip_slice_is_token(value, "tcp") ? SIP_TCP : SIP_UDP;
	if (sip_param(whole, "maddr", &value) && value.len < sizeof(part))
		sip_slice_copy(value, part, sizeof(part));
	return sip_host_split(part, host, size, port);
}

int sip_dialog_next_hop(const struct sip_dialog *dialog, char *host, size_t size,
			uint16_t *port, enum sip_transport *transport)
{
	char uri[SIP_URI_MAX];
	const char *from = dialog->target, *open;

	if (dialog->routes) {
		open = strchr(dialog->routes, '<');
		if (!open)
			return -EINVAL;
		sip_slice_copy((struct sip_slice){ open + 1, strcspn(open + 1, ">") },
			       uri, sizeof(uri));
		from = uri;
	}
	return from ? split_uri(from, host, size, port, transport) : -ENOTCONN;
}

/*
 * A numeric next hop is where requests go. A name stands for the server through
 * which the dialog was made: it was resolved then, and that server answered.
 */
static void follow_next_hop(struct sip_dialog *dialog)
{
	struct sip_flow flow = dialog->flow;
	struct sockaddr_storage addr;
	char host[256];
	uint16_t port;

	if (sip_dialog_next_hop(dialog, host, sizeof(host), &port, &flow.transport) ||
	    sip_addr_parse(host, port ? port : 5060, &addr))
		return;
	if (flow.transport == dialog->flow.transport &&
	    (sip_addr_same(&addr, &flow.remote) ||
	     (flow.transport == SIP_TCP && sip_addr_same_host(&addr, &flow.remote))))
		return;
	flow.remote = addr;
	flow.conn = 0;
	flow.local.ss_family = AF_UNSPEC;	/* to be looked up when used */
	dialog->flow = flow;
}

static int set_remote_tag(struct sip_dialog *dialog, const osip_from_t *from)
{
	osip_generic_param_t *tag = NULL;

	osip_from_get_tag((osip_from_t *)from, &tag);
	free(dialog->remote_tag);
	dialog->remote_tag = strdup(tag && tag->gvalue ? tag->gvalue : "");
	return dialog->remote_tag ? 0 : -ENOMEM;
}

int sip_dialog_from_response(struct sip_dialog *dialog, const osip_message_t *msg,
			     const struct sip_scan *scan)
{
	(void)scan;
	free(dialog->routes);
	dialog->routes = route_set(msg, true);
	sip_dialog_refresh(dialog, msg);
	follow_next_hop(dialog);
	return set_remote_tag(dialog, msg->to);
}

int sip_dialog_from_request(struct sip_dialog *dialog, const osip_message_t *msg,
			    const struct sip_scan *scan, const struct sip_flow *flow)
{
	dialog->flow = *flow;
	dialog->call_id = strdup(msg->call_id->number);
	if (msg->call_id->host) {
		free(dialog->call_id);
		if (asprintf(&dialog->call_id, "%s@%s", msg->call_id->number,
			     msg->call_id->host) < 0)
			dialog->call_id = NULL;
	}
	dialog->local = name_addr(scan->first[SIP_H_TO]->value);
	dialog->remote = name_addr(scan->first[SIP_H_FROM]->value);
	dialog->routes = route_set(msg, false);
	dialog->remote_cseq = scan->cseq;
	dialog->has_remote_cseq = true;
	sip_random_token(dialog->local_tag, SIP_TOKEN_LEN);
	sip_dialog_refresh(dialog, msg);
	follow_next_hop(dialog);
	if (!dialog->call_id || !dialog->local || !dialog->remote || !dialog->target)
		return -ENOMEM;
	return set_remote_tag(dialog, msg->from);
}

/* A strict router's URI becomes the request URI (RFC 3261 12.2.1.1). */
static void request_line(const struct sip_dialog *dialog, struct sip_text *text,
			 const char *method, char *routes, size_t size)
{
	const char *close = dialog->routes ? strchr(dialog->routes, '>') : NULL;
	struct sip_slice first, lr;

	snprintf(routes, size, "%s", dialog->routes ? dialog->routes : "");
	if (close && dialog->routes[0] == '<') {
		first = (struct sip_slice){ dialog->routes + 1,
					    (size_t)(close - dialog->routes - 1) };
		if (!sip_param(first, "lr", &lr)) {
			const char *rest = close + strspn(close, ">, ");

			sip_text_add(text, "%s %.*s SIP/2.0\r\n", method,
				     (int)first.len, first.p);
			snprintf(routes, size, "%s%s<%s>", rest, *rest ? ", " : "",
				 dialog->target);
			return;
		}
	}
	sip_text_add(text, "%s %s SIP/2.0\r\n", method, dialog->target);
}

void sip_dialog_request(struct sip_dialog *dialog, struct sip *sip, struct sip_text *text,
			const char *method, unsigned long cseq, const char *branch,
			const char *contact_user)
{
	char local[SIP_ADDR_STRLEN], routes[SIP_VALUE_MAX];

	if (dialog->flow.local.ss_family == AF_UNSPEC)
		sip_transport_route(sip, &dialog->flow);
	sip_addr_str(&dialog->flow.local, local);
	sip_text_init(text);
	request_line(dialog, text, method, routes, sizeof(routes));
	sip_text_add(text, "Via: SIP/2.0/%s %s;rport;branch=%s\r\nMax-Forwards: 70\r\n",
		     sip_transport_name(dialog->flow.transport), local, branch);
	if (routes[0])
		sip_text_add(text, "Route: %s\r\n", routes);
	sip_text_add(text, "From: %s;tag=%s\r\nTo: %s", dialog->local, dialog->local_tag,
		     dialog->remote);
	if (dialog->remote_tag && dialog->remote_tag[0])
		sip_text_add(text, ";tag=%s", dialog->remote_tag);
	sip_text_add(text, "\r\nCall-ID: %s\r\nCSeq: %lu %s\r\n", dialog->call_id, cseq, method);
	if (contact_user)
		sip_contact(text, contact_user, &dialog->flow);
	sip_text_add(text, "User-Agent: %s\r\n", sip->user_agent);
}

void sip_dialog_ack(struct sip *sip, struct sip_dialog *dialog, unsigned long cseq)
{
	char branch[SIP_BRANCH_LEN];
	struct sip_text text;

	sip_branch(branch);
	sip_dialog_request(dialog, sip, &text, "ACK", cseq, branch, NULL);
	sip_text_end(&text, NULL);
	if (!text.full)
		sip_transport_send(sip, &dialog->flow, text.p, text.len);
}

void sip_dialog_free(struct sip_dialog *dialog)
{
	free(dialog->call_id);
	free(dialog->remote_tag);
	free(dialog->local);
	free(dialog->remote);
	free(dialog->target);
	free(dialog->routes);
	memset(dialog, 0, sizeof(*dialog));
}
