import type { VerificationEmoji } from '../../ports/media.js';

/*
 * 64 emoji that look and sound different from each other: single code points of Unicode 9 or older, which all platforms
 * draw in colour. There are no people, faces, hands, flags, weapons, alcoholic drinks or religious symbols. Both sides
 * must have the same list in the same order: a change needs a new version of the exchange.
 */
const LIST = `
🐱 Cat, 🦁 Lion, 🐴 Horse, 🐘 Elephant, 🐰 Rabbit, 🐼 Panda, 🐓 Rooster, 🐧 Penguin,
🐢 Turtle, 🐟 Fish, 🐙 Octopus, 🦋 Butterfly, 🐝 Bee, 🐌 Snail, 🐫 Camel, 🦀 Crab,
🌳 Tree, 🌵 Cactus, 🌷 Tulip, 🍄 Mushroom, 🌙 Moon, ⭐ Star, ⚡ Lightning, 🔥 Fire,
⛄ Snowman, 🌍 Globe, 🍎 Apple, 🍌 Banana, 🍓 Strawberry, 🍋 Lemon, 🍇 Grapes, 🍍 Pineapple,
🌽 Corn, 🍞 Bread, 🍕 Pizza, 🎂 Cake, 🍦 Ice cream, 🧀 Cheese, 🥕 Carrot, 🥚 Egg,
🎩 Hat, 👓 Glasses, 👟 Shoe, ☔ Umbrella, 🔑 Key, 🏠 House, 🔨 Hammer, 📎 Paper clip,
📕 Book, ⏰ Clock, 💡 Light bulb, 🎁 Gift, 🎈 Balloon, 🔔 Bell, 🎸 Guitar, 🎺 Trumpet,
🥁 Drum, ⚽ Ball, 🏆 Trophy, 🚲 Bicycle, 🚗 Car, 🚂 Train, 🚀 Rocket, ⛵ Boat`;

export const EMOJI: readonly VerificationEmoji[] = LIST.trim()
  .split(/,\s+/)
  .map((entry, number) => {
    const space = entry.indexOf(' ');
    return { number, symbol: entry.slice(0, space), name: entry.slice(space + 1) };
  });
