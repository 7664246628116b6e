package dev.feira.catalog.domain;

import java.util.List;
import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** All categories. */
public interface Categories extends Repository<Category, String> {

    /** Returns whether there is a category with this slug. */
    boolean existsById(String slug);

    /** Returns all of them, in the order of the market. */
    List<Category> findAllByOrderByPositionAscSlugAsc();

    /** Returns how many products are on sale in each category that has any. */
    @Query("select category, count(*) as products from products where status = 'ACTIVE' group by category")
    List<Size> countActiveProducts();

    /** Adds a category. */
    default void add(Category category) {
        add(category.slug(), category.name().en(), category.name().pt(), category.picture(), category.position());
    }

    /** Adds a category by its parts. */
    @Modifying
    @Query("""
            insert into categories (slug, name_en, name_pt, picture, position)
            values (:slug, :nameEn, :namePt, :picture, :position)""")
    void add(String slug, String nameEn, String namePt, String picture, int position);

    /** How many products are on sale in a category. */
    record Size(String category, long products) {}
}
