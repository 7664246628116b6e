package dev.feira.catalog.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the value objects of the domain. */
class RulesTests {

    private static final Sku APPLE = new Sku("APPLE");
    private static final Sku PEAR = new Sku("PEAR");

    @ParameterizedTest
    @ValueSource(strings = {"A", "1", "APPLE-RED-1KG", "A-1"})
    void acceptsGroupsOfCapitalsAndDigits(String value) {
        assertThat(Sku.parse(value)).contains(new Sku(value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a", "-A", "A-", "A--B", "A B", "Ä", "A\n", "٣", "ABCDEFGHIJ-ABCDEFGHIJ-ABCDEFGHIJ-ABCDEFGH"
            })
    void rejectsOtherTextsAsSku(String value) {
        assertThat(Sku.parse(value)).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> new Sku(value));
    }

    @Test
    void requiresPriceWithTwoDecimalsAboveZero() {
        assertThat(Price.of("0.01").amount()).isEqualTo("0.01");
        for (var wrong : List.of("0.00", "-1.00", "1", "1.0", "1.000", "10000000.00")) {
            assertThatIllegalArgumentException().as(wrong).isThrownBy(() -> Price.of(wrong));
        }
    }

    @Test
    void addsLinesAndOrdersThemBySku() {
        var lines = Lines.of(List.of(new Line(PEAR, 1), new Line(APPLE, 2), new Line(PEAR, 3)));

        assertThat(lines.all()).containsExactly(new Line(APPLE, 2), new Line(PEAR, 4));
        assertThat(Lines.of(Stream.of(lines, lines)).all()).containsExactly(new Line(APPLE, 4), new Line(PEAR, 8));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Lines(List.of(new Line(PEAR, 1), new Line(APPLE, 1))));
        assertThatIllegalArgumentException().isThrownBy(() -> new Line(APPLE, 0));
    }

    @Test
    void changesStockByMovementKind() {
        assertThat(MovementKind.RECEIVED.effect(3)).isEqualTo(3);
        assertThat(MovementKind.WASTE.effect(3)).isEqualTo(-3);
        assertThat(MovementKind.CORRECTED.effect(-3)).isEqualTo(-3);
        assertThatIllegalArgumentException().isThrownBy(() -> MovementKind.CORRECTED.effect(0));
        assertThatIllegalArgumentException().isThrownBy(() -> MovementKind.RECEIVED.effect(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> MovementKind.WASTE.effect(-1));
    }

    @Test
    void balancesWhenTheSumMatchesAndNothingIsNegative() {
        assertThat(new Stock(APPLE, 6, 1, 2, 3, 0).isBalanced()).isTrue();
        assertThat(new Stock(APPLE, 7, 1, 2, 3, 0).isBalanced()).isFalse();
        assertThat(new Stock(APPLE, 2, -1, 0, 3, 0).isBalanced()).isFalse();
        var kept = new Stock(APPLE, 6, 1, 2, 3, 0);
        assertThat(new StockCount(kept, kept).isConsistent()).isTrue();
        assertThat(new StockCount(kept, new Stock(APPLE, 6, 1, 1, 4, 0)).isConsistent())
                .isFalse();
    }

    @Test
    void evaluatesEachPreconditionWithAndWithoutVersion() {
        var nothing = Optional.<Long>empty();
        var third = Optional.of(3L);

        assertThat(new Precondition.None().holdsFor(nothing)).isTrue();
        assertThat(new Precondition.None().holdsFor(third)).isTrue();
        assertThat(new Precondition.Absent().holdsFor(nothing)).isTrue();
        assertThat(new Precondition.Absent().holdsFor(third)).isFalse();
        assertThat(new Precondition.Present().holdsFor(nothing)).isFalse();
        assertThat(new Precondition.Present().holdsFor(third)).isTrue();
        assertThat(new Precondition.OneOf(Set.of(2L, 3L)).holdsFor(third)).isTrue();
        assertThat(new Precondition.OneOf(Set.of(2L)).holdsFor(third)).isFalse();
        assertThat(new Precondition.OneOf(Set.of()).holdsFor(nothing)).isFalse();
    }

    @Test
    void ordersByNameWithoutSearchText() {
        var query = new ProductQuery(
                " ", null, null, null, null, null, ProductStatus.ACTIVE, ProductOrder.RELEVANCE, Language.EN);

        assertThat(query.text()).isNull();
        assertThat(query.order()).isEqualTo(ProductOrder.NAME);
    }

    @Test
    void setsTheEndWhenMoreEntriesFollow() {
        var whole = Page.of(List.of("a", "b"), 2, last -> new Position(last, last));
        var part = Page.of(List.of("a", "b", "c"), 2, last -> new Position(last, last));

        assertThat(whole.end()).isNull();
        assertThat(part.items()).containsExactly("a", "b");
        assertThat(part.end()).isEqualTo(new Position("b", "b"));
    }
}
