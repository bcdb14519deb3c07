package dev.freshet.api;

import java.util.Map;

/**
 * The settings that anybody has set, fit to be shown: no value holds a password or a key.
 *
 * @param byKey in the order of the keys
 */
public record ShownSettings(Map<String, String> byKey) {}
