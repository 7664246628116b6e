package dev.feira.events.outbox;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A position in a feed: the order in which readers see events. Numbers of an identity are given before the commit, so a
 * reader that went by them alone would pass over the event of a slow transaction.
 *
 * @param epoch counts the database clusters that this database was restored into: each counts its transactions anew
 * @param transaction PostgreSQL's number of the transaction
 * @param number the order within the transaction
 */
record FeedPosition(int epoch, long transaction, long number) implements Comparable<FeedPosition> {

    static final FeedPosition START = new FeedPosition(0, 0, 0);

    private static final Pattern TEXT = Pattern.compile("(.+)-(\\d{1,9})-(\\d{1,18})-(\\d{1,18})");

    private static final Comparator<FeedPosition> ORDER = Comparator.comparingInt(FeedPosition::epoch)
            .thenComparingLong(FeedPosition::transaction)
            .thenComparingLong(FeedPosition::number);

    /** Returns the position that a text of this feed names; empty for a text of another feed or no position. */
    static Optional<FeedPosition> parse(String text, String feed) {
        var match = TEXT.matcher(text);
        return match.matches() && match.group(1).equals(feed)
                ? Optional.of(new FeedPosition(
                        Integer.parseInt(match.group(2)),
                        Long.parseLong(match.group(3)),
                        Long.parseLong(match.group(4))))
                : Optional.empty();
    }

    String text(String feed) {
        return "%s-%d-%d-%d".formatted(feed, epoch, transaction, number);
    }

    @Override
    public int compareTo(FeedPosition other) {
        return ORDER.compare(this, other);
    }
}
