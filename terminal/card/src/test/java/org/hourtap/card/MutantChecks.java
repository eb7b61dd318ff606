package org.hourtap.card;

import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// What a tree of sources has to get right: the published vectors on both sides, and whole taps
/// between the reader and the virtual card. Loaded afresh for every mutant, and reached through the
/// JDK's interface only.
public final class MutantChecks implements Callable<String> {
    /// Tests that are there anyway, the quick ones first.
    private static final List<String> TESTS =
            List.of(
                    "CmacTest.meetsTheVectorsOfRfc4493",
                    "KeyDiversifierTest.meetsThePublishedVectors",
                    "MutualAuthenticationTest.meetsThePublishedEv2HandshakesToTheSessionKeys",
                    "MutualAuthenticationTest.meetsTheTracesOfRealEv1Cards",
                    "SecureChannelTest.meetsThePublishedEv2Exchanges",
                    "SecureChannelTest.meetsARealEv1CardsChainOfCommands",
                    "SecureChannelTest.meetsARealEv1CardsEncipheredCommands",
                    "TransactionMacTest.meetsAnotherProjectsFixture",
                    "testing.VirtualDesfireTest.itsSideOfAnEv2HandshakeIsNxps",
                    "testing.VirtualDesfireTest.itsSideOfAnEv1HandshakeIsARealCards",
                    "testing.VirtualDesfireTest.aMacThatGoesOnFromNothingIsAPlainMac",
                    "testing.VirtualDesfireTest.aWrongTokenIsRefusedAndTheHandshakeForgotten",
                    "testing.VirtualTransactionTest.theTransactionMacIsThatOfTheFixture",
                    "CardIdentifierTest.anEv1CardProvesItselfTheOlderWay",
                    "CardIdentifierTest.anotherUidInsideTheSessionIsRefused",
                    "TagIdentityTest.aTagWithOurKeyProvesItself",
                    "CardJournalTest.theCardsMacIsTheOneTheHubComputesWhateverWasReadBefore",
                    "CardJournalTest.theNewestRecordsComeOldestFirstHoweverManyAreAsked",
                    "CardJournalTest.withoutACommitNothingIsOnTheCard",
                    "CardPersonaliserTest.aFactoryCardBecomesOneThatEveryDoorTakes",
                    "testing.VirtualTransactionTest.anErrorEndsTheSessionAndTakesTheRecordBack",
                    "testing.VirtualTransactionTest.aPullTakesTheRecordBackAndKeepsWhatWasCommitted",
                    "testing.VirtualTransactionTest.ofSeventeenRecordsCreatedSixteenAreKept",
                    "testing.VirtualTransactionTest.rightsAreThoseOfTheKey",
                    "MutualAuthenticationTest.everyBitOfTheProofCounts",
                    "SecureChannelTest.everyBitOfAnEv2AnswerCounts",
                    "SecureChannelTest.everyBitOfAnEv1AnswerCounts",
                    "SecureChannelTest.anEncipheredEv1AnswerWithAWrongChecksumIsRefused");

    /// @return the first test that fails, or nothing if all pass
    @Override
    public String call() throws ReflectiveOperationException {
        for (String test : TESTS) {
            if (!passes(test)) {
                return test;
            }
        }
        return "";
    }

    /// A test that is not there is an exception, and so no mutant's failure.
    private static boolean passes(String test) throws ReflectiveOperationException {
        int dot = test.lastIndexOf('.');
        Class<?> type = Class.forName("org.hourtap.card." + test.substring(0, dot));
        Method method = type.getDeclaredMethod(test.substring(dot + 1));
        method.setAccessible(true);
        Constructor<?> maker = type.getDeclaredConstructor();
        maker.setAccessible(true);
        try {
            Object instance = maker.newInstance();
            runAll(type, instance, BeforeEach.class);
            method.invoke(instance);
            runAll(type, instance, AfterEach.class);
            return true;
        } catch (InvocationTargetException failed) {
            return false;
        }
    }

    private static void runAll(Class<?> type, Object instance, Class<? extends Annotation> when)
            throws ReflectiveOperationException {
        for (Method method : type.getDeclaredMethods()) {
            if (method.isAnnotationPresent(when)) {
                method.setAccessible(true);
                method.invoke(instance);
            }
        }
    }
}
