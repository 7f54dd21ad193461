/**
 * zod would make its parsers from text, which the page's content policy forbids; it decides so when a schema is made, and
 * this script is there before the policy is. Therefore this module is imported before any schema.
 */
import { config } from 'zod';

config({ jitless: true });
