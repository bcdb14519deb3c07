package dev.freshet.api.health;

/**
 * An indicator of {@code /health} that {@code /health/readiness} leaves out: searches are answered
 * all the same, so nobody is to be sent elsewhere.
 */
interface NotForReadiness {}
