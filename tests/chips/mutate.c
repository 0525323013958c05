// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Spoils one row of one of the driver's tables of start values, in the built
 * module: as if the source had the wrong value, without a build for each.
 *
 *	mutate MODULE.ko TABLE REGISTER VALUE >MUTANT.ko
 *
 * TABLE is direct_table (rows of register and value, a byte each), or
 * indirect_table or filter_table (a byte of register, then value and mask, two
 * bytes each, at even offsets).
 */
#include <elf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned char *image;
static size_t size;

static void die(const char *what)
{
	fprintf(stderr, "mutate: %s\n", what);
	exit(1);
}

static void load(const char *path)
{
	FILE *file = fopen(path, "rb");

	if (!file || fseek(file, 0, SEEK_END))
		die(path);
	size = ftell(file);
	rewind(file);
	image = malloc(size);
	if (!image || fread(image, 1, size, file) != size)
		die("cannot read");
	fclose(file);
}

/* The bytes of a symbol in the file. */
static unsigned char *find(const char *name, size_t *length)
{
	const Elf64_Ehdr *header = (void *)image;
	const Elf64_Shdr *section = (void *)(image + header->e_shoff);
	int i;

	for (i = 0; i < header->e_shnum; i++) {
		const Elf64_Sym *symbol = (void *)(image + section[i].sh_offset);
		const char *names = (char *)image + section[section[i].sh_link].sh_offset;
		size_t count = section[i].sh_size / sizeof(*symbol);

		for (; section[i].sh_type == SHT_SYMTAB && count; count--, symbol++) {
			if (strcmp(names + symbol->st_name, name))
				continue;
			*length = symbol->st_size;
			return image + section[symbol->st_shndx].sh_offset + symbol->st_value;
		}
	}
	return NULL;
}

int main(int argc, char **argv)
{
	bool direct = argc == 5 && !strcmp(argv[2], "direct_table");
	size_t length, stride = direct ? 2 : 6, at;
	unsigned char *table;
	unsigned long reg, value;

	if (argc != 5)
		die("MODULE.ko TABLE REGISTER VALUE");
	load(argv[1]);
	if (size < sizeof(Elf64_Ehdr) || memcmp(image, ELFMAG, SELFMAG) ||
	    image[EI_CLASS] != ELFCLASS64)
		die("not a 64-bit object");
	table = find(argv[2], &length);
	if (!table)
		die("no such table");
	reg = strtoul(argv[3], NULL, 0);
	value = strtoul(argv[4], NULL, 0);
	for (at = 0; at < length && table[at] != reg; at += stride)
		;
	if (at >= length)
		die("no such register in it");
	if (direct)
		table[at + 1] = value;
	else
		memcpy(table + at + 2, &(uint16_t){ value }, 2);
	return fwrite(image, 1, size, stdout) != size;
}
