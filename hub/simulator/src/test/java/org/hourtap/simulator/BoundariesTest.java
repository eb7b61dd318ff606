package org.hourtap.simulator;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.UUID;

/// The walls between the rooms. A failure here says which line looks over which wall.
@AnalyzeClasses(
        packages = "org.hourtap",
        importOptions = {
            ImportOption.DoNotIncludeTests.class,
            BoundariesTest.WithoutTestFixtures.class
        })
class BoundariesTest {
    /// Test fixtures reach this module as test-jars, which the stock option does not recognise.
    static final class WithoutTestFixtures implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar") && !location.contains("/testing/");
        }
    }

    private static final String CONTRACT = "org.hourtap.contract..";
    private static final String LEDGER = "org.hourtap.ledger..";
    private static final String CARD = "org.hourtap.card..";
    private static final String TAP = "org.hourtap.tap..";
    private static final String RUNTIME = "org.hourtap.runtime..";
    private static final String[] PURE = {CONTRACT, LEDGER, CARD, TAP};

    @ArchTest
    static final ArchRule THE_LEDGER_KNOWS_NOTHING_OF_THE_WORLD = pure(LEDGER, CONTRACT, LEDGER);

    @ArchTest
    static final ArchRule THE_TAP_DECISION_KNOWS_NOTHING_OF_THE_WORLD =
            pure(TAP, CONTRACT, CARD, TAP);

    @ArchTest
    static final ArchRule THE_CARD_PROTOCOL_KNOWS_ONLY_CRYPTOGRAPHY =
            pure(CARD, CONTRACT, CARD, "javax.crypto..", "java.security..", "javax.crypto.spec..");

    /// The codec is the one place of the contract that knows a library.
    @ArchTest
    static final ArchRule THE_CONTRACT_KNOWS_JACKSON_IN_ITS_CODECS_ALONE =
            noClasses()
                    .that()
                    .resideInAPackage(CONTRACT)
                    .and(not(describe("codecs", c -> c.getName().contains("Codec"))))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "com.fasterxml..", "java.io..", "java.nio.file..", "java.net..");

    @ArchTest
    static final ArchRule TIME_AND_CHANCE_ARE_PASSED_IN =
            noClasses()
                    .that()
                    .doNotHaveFullyQualifiedName("org.hourtap.runtime.SystemTime")
                    .should()
                    .callMethod(Instant.class, "now")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis")
                    .orShould()
                    .callMethod(System.class, "nanoTime")
                    .orShould()
                    .callMethod(UUID.class, "randomUUID")
                    .orShould()
                    .callConstructor(SplittableRandom.class)
                    .orShould()
                    .callConstructor(java.util.Random.class);

    @ArchTest
    static final ArchRule SQL_STAYS_WHERE_THINGS_ARE_STORED =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            RUNTIME,
                            "..sqlite..",
                            "..books..",
                            "..inbox..",
                            "..feed..",
                            "..cards..",
                            "..fleet..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.sqlite..", "org.postgresql..");

    @ArchTest
    static final ArchRule ONLY_SMARTCARD_ROOMS_KNOW_SMARTCARDS =
            onlyIn("javax.smartcardio..", "..pcsc..", "org.hourtap.smartcardio..");

    @ArchTest static final ArchRule ONLY_GPIO_KNOWS_PI4J = onlyIn("com.pi4j..", "..gpio..");

    @ArchTest
    static final ArchRule ONLY_MQTT_KNOWS_PAHO_AND_ARTEMIS =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("..mqtt..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.eclipse.paho..", "org.apache.activemq..");

    @ArchTest static final ArchRule ONLY_WEB_KNOWS_JAVALIN = onlyIn("io.javalin..", "..web..");

    @ArchTest
    static final ArchRule ADAPTERS_DO_NOT_KNOW_EACH_OTHER =
            slices().matching("org.hourtap.device.(mqtt|pcsc|gpio|vpcd)..")
                    .should()
                    .notDependOnEachOther();

    @ArchTest
    static final ArchRule THE_TWO_EDGES_MEET_ONLY_ON_THE_WIRE =
            noClasses()
                    .that()
                    .resideInAPackage("org.hourtap.device..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.hourtap.server..", LEDGER);

    /// The hub checks what cards sign, so it knows the card protocol, which is pure. It knows
    /// nothing else of what runs in a terminal.
    @ArchTest
    static final ArchRule THE_HUB_KNOWS_CARDS_AND_NO_TERMINAL =
            noClasses()
                    .that()
                    .resideInAPackage("org.hourtap.server..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(TAP, "org.hourtap.device..", "org.hourtap.smartcardio..");

    @ArchTest
    static final ArchRule THE_HUB_KNOWS_CARD_KEYS_WHERE_CARDS_ARE_KEPT =
            noClasses()
                    .that()
                    .resideInAPackage("org.hourtap.server..")
                    .and()
                    .resideOutsideOfPackages("org.hourtap.server", "org.hourtap.server.cards..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(CARD);

    @ArchTest
    static final ArchRule NO_CYCLES_BETWEEN_MODULES =
            slices().matching("org.hourtap.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NO_VAGUE_NAMES =
            noClasses()
                    .should()
                    .haveNameMatching(".*(Impl|Manager|Util|Utils|Helper|Processor|Data|Info)");

    @ArchTest
    static final ArchRule HOURS_ARE_NEVER_FLOATING =
            fields().that()
                    .areDeclaredInClassesThat()
                    .resideInAnyPackage(CONTRACT, LEDGER, TAP)
                    .should()
                    .notHaveRawType(double.class)
                    .andShould()
                    .notHaveRawType(float.class);

    @ArchTest
    static final ArchRule NO_SYNCHRONIZED_METHODS =
            noMethods().should().haveModifier(JavaModifier.SYNCHRONIZED);

    @ArchTest
    static final ArchRule NO_SLEEP =
            noClasses().should().callMethod(Thread.class, "sleep", long.class);

    @ArchTest
    static final ArchRule PURE_TYPES_ARE_CLOSED =
            classes()
                    .that()
                    .resideInAnyPackage(PURE)
                    .and(are(describe("classes", BoundariesTest::isOpenClass)))
                    .should()
                    .haveModifier(JavaModifier.FINAL);

    private static boolean isOpenClass(JavaClass c) {
        // Jackson mix-ins are abstract descriptions, and an enum with bodies is not final.
        return !c.isInterface()
                && !c.isEnum()
                && !c.getModifiers().contains(JavaModifier.SYNTHETIC)
                && !c.getModifiers().contains(JavaModifier.ABSTRACT);
    }

    private static ArchRule pure(String room, String... mayKnow) {
        String[] allowed = new String[mayKnow.length + 6];
        System.arraycopy(mayKnow, 0, allowed, 6, mayKnow.length);
        allowed[0] = "java.lang..";
        allowed[1] = "java.util";
        allowed[2] = "java.util.function";
        allowed[3] = "java.util.stream";
        allowed[4] = "java.time..";
        allowed[5] = "org.jspecify..";
        return noClasses()
                .that()
                .resideInAPackage(room)
                .should()
                .dependOnClassesThat(
                        not(resideInAnyPackage(allowed))
                                .and(describe("a class", c -> !c.isPrimitive() && !c.isArray())));
    }

    private static ArchRule onlyIn(String library, String... rooms) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(rooms)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }
}
