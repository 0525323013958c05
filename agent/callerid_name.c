// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Names for displays that know ASCII only. What has no likeness there is left
 * out; a name of which nothing is left is none.
 */
#include "callerid.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Words for the characters from @first on, a blank after each. */
static const struct {
	uint32_t first;
	const char *words;
} likeness[] = {
	{ 0xa0,
	  " ! c L  Y | S  c a \" -  r - o + 2 3 ' u P . , 1 o \" 1/4 1/2 3/4 ?" },
	{ 0xc0,
	  "A A A A A A AE C E E E E I I I I D N O O O O O x O U U U U Y Th ss a a "
	  "a a a a ae c e e e e i i i i d n o o o o o / o u u u u y th y A a A a A "
	  "a C c C c C c C c D d D d E e E e E e E e E e G g G g G g G g H h H h I "
	  "i I i I i I i I i IJ ij J j K k k L l L l L l L l L l N n N n N n n Ng "
	  "ng O o O o O o OE oe R r R r R r S s S s S s S s T t T t T t U u U u U "
	  "u U u U u U u W w Y y Y Z z Z z Z z s" },
	{ 0x1a0, "O o" },
	{ 0x1af, "U u" },
	{ 0x218, "S s T t" },
	{ 0x386,
	  "A  E I I  O  Y O i A V G D E Z I Th I K L M N X O P R  S T Y F Ch Ps O "
	  "I Y a e i i y a v g d e z i th i k l m n x o p r s s t y f ch ps o i y "
	  "o y o" },
	{ 0x400,
	  "E Yo Dj G Ye Z I Yi J Lj Nj C K I U Dz A B V G D E Zh Z I Y K L M N O P "
	  "R S T U F Kh Ts Ch Sh Shch  Y  E Yu Ya a b v g d e zh z i y k l m n o p "
	  "r s t u f kh ts ch sh shch  y  e yu ya e yo dj g ye z i yi j lj nj c k "
	  "i u dz" },
	{ 0x1ea0,
	  "A a A a A a A a A a A a A a A a A a A a A a A a E e E e E e E e E e E e "
	  "E e E e I i I i O o O o O o O o O o O o O o O o O o O o O o O o U u U u "
	  "U u U u U u U u U u Y y Y y Y y Y y" },
	{ 0x2010, "- - - - - - | _ ' ' , ' \" \" \" \" + + * > . .. ..." },
	{ 0x20ac, "EUR" },
};

#define RANGES	(sizeof(likeness) / sizeof(likeness[0]))

/* The word number @place of @words, its length in @len; NULL when they are fewer. */
static const char *find_word(const char *words, uint32_t place, size_t *len)
{
	for (; place; place--) {
		words = strchr(words, ' ');
		if (!words)
			return NULL;
		words++;
	}
	*len = strcspn(words, " ");
	return words;
}

static const char *find_likeness(uint32_t character, size_t *len)
{
	for (size_t i = RANGES; i--;)
		if (character >= likeness[i].first)
			return find_word(likeness[i].words, character - likeness[i].first, len);
	return NULL;
}

/* One character; what is not UTF-8 is passed over byte by byte as 0. */
static uint32_t next_character(const char **at)
{
	const unsigned char *p = (const unsigned char *)*at;
	unsigned int more = *p >= 0xf0 ? 3 : *p >= 0xe0 ? 2 : *p >= 0xc0 ? 1 : 0;
	uint32_t character = *p & (0x3f >> more);

	++*at;
	if (*p < 0x80)
		return *p;
	if (!more || *p >= 0xf8)
		return 0;
	for (unsigned int i = 1; i <= more; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		character = character << 6 | (p[i] & 0x3f);
	}
	*at += more;
	return character;
}

struct writer {
	char *to;
	size_t room;
	bool blank;			/* one is due before the next character */
	bool begun;
};

static void write_char(struct writer *writer, char c)
{
	if (c == ' ') {
		writer->blank = writer->begun;
		return;
	}
	if (writer->room < 1u + writer->blank) {
		writer->room = 0;
		return;
	}
	if (writer->blank)
		*writer->to++ = ' ';
	*writer->to++ = c;
	writer->room -= 1 + writer->blank;
	writer->blank = false;
	writer->begun = true;
}

/* Marks of their own change nothing, but other unknown characters part words. */
static bool is_mark(uint32_t character)
{
	return character >= 0x300 && character < 0x370;
}

void callerid_name(const char *utf8, char *to, size_t size)
{
	struct writer writer = { .to = to, .room = size - 1 };

	while (*utf8) {
		uint32_t character = next_character(&utf8);
		const char *word;
		size_t len = 0;

		if (character > ' ' && character < 0x7f) {
			write_char(&writer, (char)character);
			continue;
		}
		word = character > 0x7f ? find_likeness(character, &len) : NULL;
		if (!word && !is_mark(character))
			write_char(&writer, ' ');
		for (; word && len; len--)
			write_char(&writer, *word++);
	}
	*writer.to = '\0';
}
