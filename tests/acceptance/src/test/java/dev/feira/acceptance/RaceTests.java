package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Many want the last ones. */
@AcceptanceTest
class RaceTests {

    private static final int BUYERS = 64;
    private static final int UNITS = 10;

    private static List<Person> people;

    @BeforeAll
    static void signIn() {
        // Each has several baskets open: what races is the stock, not the passwords
        people = IntStream.range(0, 8).mapToObj(i -> Person.registered()).toList();
        people.forEach(Person::accessToken);
    }

    /** {@code -Dfeira.race.rounds=100} for the long run. */
    @Test
    void exactlyAsManyAreSoldAsThereAre() throws Exception {
        var rounds = Feira.times("feira.race.rounds", 2);
        for (var round = 1; round <= rounds; round++) {
            race(round);
        }
        Promise.kept(1, "%d races of %d buyers for %d units, %d sold in each", rounds, BUYERS, UNITS, UNITS);
    }

    private static void race(int round) throws Exception {
        var sku = Market.productWithStock(UNITS);
        var body = Market.order(sku, 1, Card.APPROVED.token());
        var buyers = new ArrayList<Callable<String>>();
        for (var i = 0; i < BUYERS; i++) {
            var person = people.get(i % people.size());
            buyers.add(() -> {
                var id = person.order(Market.newKey(), body, 10).expect(201).at("/id");
                return person.endOf(id, Feira.ENDING).at("/status");
            });
        }

        var ends = new ArrayList<String>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var end : threads.invokeAll(buyers)) {
                ends.add(end.get());
            }
        }

        assertThat(Collections.frequency(ends, "CONFIRMED"))
                .as("sold in round %d of %s", round, sku)
                .isEqualTo(UNITS);
        assertThat(Collections.frequency(ends, "REJECTED")).isEqualTo(BUYERS - UNITS);
        assertThat(Market.available(sku)).isZero();
    }
}
