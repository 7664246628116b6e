package dev.feira.catalog.domain;

import java.util.List;
import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** Stores the categories. */
public interface Categories extends Repository<Category, String> {

    /** Returns whether a category with this slug exists. */
    boolean existsById(String slug);

    /** Returns all categories in their display order. */
    List<Category> findAllByOrderByPositionAscSlugAsc();

    /** Returns the number of active products of each category with any. */
    @Query("select category, count(*) as products from products where status = 'ACTIVE' group by category")
    List<Size> countActiveProducts();

    /** Adds a category. */
    default void add(Category category) {
        add(category.slug(), category.name().en(), category.name().pt(), category.picture(), category.position());
    }

    /** Adds a category by its columns. */
    @Modifying
    @Query("""
            insert into categories (slug, name_en, name_pt, picture, position)
            values (:slug, :nameEn, :namePt, :picture, :position)""")
    void add(String slug, String nameEn, String namePt, String picture, int position);

    /** The number of active products of a category. */
    record Size(String category, long products) {}
}
