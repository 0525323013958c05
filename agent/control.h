/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * control: the socket that potsctl asks. A request is one line, a JSON object
 * {"command": "calls"|"accounts"|"monitor"}; the answer is one line of JSON.
 * "monitor" goes on: one line for each change of a line's state.
 */
#ifndef POTS_AGENT_CONTROL_H
#define POTS_AGENT_CONTROL_H

/* Where packagers keep what lives as long as the system runs. */
#ifndef POTS_RUNDIR
#define POTS_RUNDIR		"/run/pots"
#endif
#define CONTROL_SOCKET		POTS_RUNDIR "/control"

struct agent;
struct control;
struct line;

/* Listens at @path, mode 0660. 0 or a negative errno. */
int control_new(struct control **control, struct agent *agent, const char *path);
void control_free(struct control *control);

/* The state of @line has changed; cheap when nobody listens. @control may be NULL. */
void control_notify(struct control *control, const struct line *line);

#endif /* POTS_AGENT_CONTROL_H */
