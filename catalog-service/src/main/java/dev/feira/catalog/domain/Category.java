package dev.feira.catalog.domain;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Embedded;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A row of stalls, e.g. cheese.
 *
 * @param slug its identity, as in links
 * @param name what the sign says
 * @param picture the file name of its picture
 * @param position its place among the others, from 0
 */
@Table("categories")
public record Category(
        @Id String slug, @Embedded.Empty(prefix = "name_") Text name, String picture, int position) {}
