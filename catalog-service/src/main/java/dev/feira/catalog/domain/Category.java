package dev.feira.catalog.domain;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Embedded;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A category of products, e.g. cheese.
 *
 * @param slug its id, as in URLs
 * @param name its display name
 * @param picture the file name of its picture
 * @param position its position in the display order, from 0
 */
@Table("categories")
public record Category(
        @Id String slug, @Embedded.Empty(prefix = "name_") Text name, String picture, int position) {}
