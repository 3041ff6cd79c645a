/** The entry of the page that is opened from a disk. */
import { start } from './app.ts';
import '../rooms/rooms.ts';
import '../rooms/sheet.ts';
import { element, offline } from './offline.ts';

start((app) => {
  const whole = offline(app.getAttribute('shards') === 'beside' ? 'beside' : 'inside');
  return { light: whole, full: whole, rooms: async () => {}, sheet: async () => {}, file: element };
});
