package org.hourtap.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.hourtap.contract.testing.FuzzTarget;
import org.hourtap.contract.testing.FuzzTargets;
import org.jspecify.annotations.Nullable;

/// Everything that crosses the wire. What was read can be written, and reads the same again: the
/// hub keeps what terminals say, and a terminal sends what it kept.
public final class ContractTargets implements FuzzTargets {
    @Override
    public List<FuzzTarget> targets() {
        return List.of(
                new FuzzTarget("message", ContractTargets::message),
                new FuzzTarget("journal-text", ContractTargets::journalText),
                new FuzzTarget("enrolment", ContractTargets::enrolment),
                new FuzzTarget("card-record", ContractTargets::cardRecord),
                new FuzzTarget("typed", ContractTargets::typed));
    }

    private static void message(byte[] input) throws Exception {
        Message message;
        try {
            message = Codec.decode(input);
        } catch (MalformedMessageException e) {
            assertSaysWhy(e);
            return;
        }
        assertThat(Codec.decode(Codec.encode(message))).isEqualTo(message);
    }

    private static void journalText(byte[] input) throws Exception {
        String text = text(input);
        try {
            TapEvent event = Codec.decodeEvent(text);
            assertThat(Codec.decodeEvent(Codec.encodeEvent(event))).isEqualTo(event);
            for (CarriedTap carried : event.carried()) {
                cardRecord(HexFormat.of().parseHex(carried.record()));
            }
            // A batch holds taps as texts, so a tap that can be read must be one that can be sent.
            EventBatch batch =
                    new EventBatch(event.sequence(), List.of(Codec.encodeEvent(event)), event.at());
            assertThat(Codec.decode(Codec.encode(batch))).isEqualTo(batch);
        } catch (MalformedMessageException e) {
            assertSaysWhy(e);
        }
        try {
            FeedRow row = Codec.decodeRow(text);
            assertThat(Codec.decodeRow(Codec.encodeRow(row))).isEqualTo(row);
        } catch (MalformedMessageException e) {
            assertSaysWhy(e);
        }
    }

    private static void enrolment(byte[] input) throws Exception {
        try {
            EnrolmentRequest request = EnrolmentCodec.decodeRequest(input);
            assertThat(EnrolmentCodec.decodeRequest(EnrolmentCodec.encode(request)))
                    .isEqualTo(request);
            assertThat(request.publicKeyBytes()).isNotEmpty();
        } catch (MalformedMessageException e) {
            assertSaysWhy(e);
        }
        try {
            EnrolmentReply reply = EnrolmentCodec.decodeReply(input);
            assertThat(EnrolmentCodec.decodeReply(EnrolmentCodec.encode(reply))).isEqualTo(reply);
        } catch (MalformedMessageException e) {
            assertSaysWhy(e);
        }
    }

    private static void cardRecord(byte[] input) {
        try {
            assertThat(CardRecord.parse(input).bytes()).isEqualTo(input);
        } catch (MalformedMessageException e) {
            assertSaysWhy(e);
        }
    }

    /// Short texts from topics, people and configuration.
    private static void typed(byte[] input) {
        String text = text(input);
        topic(text);
        EnrolmentCode code = valueOf(EnrolmentCode::parse, text);
        if (code != null) {
            assertThat(EnrolmentCode.parse(code.shown())).isEqualTo(code);
        }
        valueOf(EnrolmentCode::new, text);
        CarriedTap carried = valueOf(record -> new CarriedTap(record, null), text);
        if (carried != null) {
            cardRecord(HexFormat.of().parseHex(carried.record()));
        }
        valueOf(mac -> new CardStamp(1, mac), text);
        SignedHead head = valueOf(SignedHead::parse, text);
        if (head != null) {
            assertThat(head.line()).isEqualTo(text);
        }
        valueOf(CardId::new, text);
        valueOf(MemberId::new, text);
        valueOf(VenueId::new, text);
        valueOf(ActivityId::new, text);
    }

    private static void topic(String text) {
        Optional<Topics.Topic> parsed = Topics.parse(text);
        if (parsed.isPresent()) {
            assertThat(parsed.get()).hasToString(text);
        }
        BookId book = valueOf(BookId::new, text);
        TerminalId terminal = valueOf(TerminalId::new, text);
        if (book != null && terminal != null) {
            String topic = Topics.upPrefix(book, terminal) + "hello";
            assertThat(Topics.parse(topic).orElseThrow().terminal()).isEqualTo(terminal);
            assertThat(TerminalTag.of(book, terminal)).isEqualTo(TerminalTag.of(book, terminal));
        }
    }

    /// The value, or none if the text is refused in a sentence.
    private static <T> @Nullable T valueOf(Function<String, T> parser, String text) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            assertSaysWhy(e);
            return null;
        }
    }

    private static void assertSaysWhy(Exception refusal) {
        assertThat(refusal.getMessage()).isNotBlank().hasSizeLessThan(1000);
    }

    private static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }
}
