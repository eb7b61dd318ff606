package org.hourtap.simulator.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hourtap.simulator.demo.ScreenWatch.Shown;
import org.jspecify.annotations.Nullable;

/// Looks at everything the bench page shows, at one moment.
final class BenchState {
    private static final int JOURNAL_SHOWN = 60;

    private final Deployment deployment;
    private final List<Person> people;

    BenchState(Deployment deployment, List<Person> people) {
        this.deployment = deployment;
        this.people = people;
    }

    /// The page's model; absent values are shown as a question mark.
    record State(
            String readers,
            List<PersonLine> people,
            List<PlaceLine> places,
            HubLine hub,
            List<JournalLine> journal) {}

    record PersonLine(String member, String name, @Nullable Long balance, String note) {}

    record PlaceLine(
            String terminal,
            String venue,
            String purpose,
            boolean running,
            boolean pulled,
            boolean online,
            String state,
            String title,
            String detail,
            String address,
            @Nullable Long waiting,
            @Nullable Long welcomed,
            @Nullable Long posted) {}

    record HubLine(
            boolean up,
            boolean running,
            @Nullable Long sum,
            @Nullable Integer transfers,
            @Nullable Integer findings) {}

    record JournalLine(
            long number, String reason, String from, String to, long minutes, String terminal) {}

    State now() throws InterruptedException {
        boolean up = deployment.hub().isAlive() && deployment.api().isUp();
        List<JsonNode> journal = up ? journal() : List.of();
        return new State(
                deployment.readers().description(),
                personLines(up),
                placeLines(up),
                new HubLine(
                        up,
                        deployment.hub().isAlive(),
                        up ? asked(() -> deployment.scheme().trialBalance()) : null,
                        up ? Integer.valueOf(journal.size()) : null,
                        up ? asked(() -> deployment.scheme().findings().size()) : null),
                journal.reversed().stream().limit(JOURNAL_SHOWN).map(BenchState::line).toList());
    }

    private List<JsonNode> journal() throws InterruptedException {
        List<JsonNode> lines = asked(() -> deployment.scheme().journal());
        return lines == null ? List.of() : lines;
    }

    private List<PersonLine> personLines(boolean up) throws InterruptedException {
        List<PersonLine> lines = new ArrayList<>();
        for (Person person : people) {
            lines.add(
                    new PersonLine(
                            person.member(),
                            person.firstName(),
                            up ? asked(() -> deployment.scheme().balance(person)) : null,
                            person.proof().replace('_', ' ')));
        }
        return lines;
    }

    private List<PlaceLine> placeLines(boolean up) throws InterruptedException {
        List<PlaceLine> lines = new ArrayList<>();
        for (Box box : deployment.boxes()) {
            Place place = box.place();
            boolean running = box.program().isAlive();
            StaffState staff = running ? StaffState.of(box) : new StaffState(false, -1);
            Scheme.Counts counts = up ? asked(() -> deployment.scheme().counts(place)) : null;
            Optional<Shown> shown = box.watch().now();
            lines.add(
                    new PlaceLine(
                            place.terminal(),
                            place.venue(),
                            place.isShift()
                                    ? place.activity() + ", a started hour counts as one"
                                    : place.activity() + ", " + place.minutes() + " minutes",
                            running,
                            box.plug().isPulled(),
                            staff.isOnline(),
                            shown.map(Shown::state).orElse("READY"),
                            shown.map(Shown::title).orElse("…"),
                            shown.map(Shown::detail).orElse(""),
                            box.screenAddress(),
                            staff.waiting() < 0 ? null : staff.waiting(),
                            counts == null ? null : counts.welcomed(),
                            counts == null ? null : counts.posted()));
        }
        return lines;
    }

    private static JournalLine line(JsonNode node) {
        return new JournalLine(
                node.path("sequence").asLong(),
                node.path("reason").asText().toLowerCase(java.util.Locale.ROOT).replace('_', ' '),
                node.path("debit").asText(),
                node.path("credit").asText(),
                node.path("minutes").asLong(),
                node.path("terminal").asText(""));
    }

    /// A question to a hub that may have been killed a moment ago.
    @FunctionalInterface
    private interface Question<T> {
        T ask() throws IOException, InterruptedException;
    }

    private static <T> @Nullable T asked(Question<T> question) throws InterruptedException {
        try {
            return question.ask();
        } catch (IOException e) {
            return null;
        }
    }
}
