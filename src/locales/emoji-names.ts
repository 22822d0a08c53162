/*
 * Names of the 64 emoji with which two users verify their connection, in the order of src/core/media/verification/emoji.ts.
 * In each language, the names differ from each other also when they are read aloud.
 */
const NAMES: Readonly<Record<string, string>> = {
  en: `Cat, Lion, Horse, Elephant, Rabbit, Panda, Rooster, Penguin, Turtle, Fish, Octopus, Butterfly, Bee, Snail, Camel, Crab,
    Tree, Cactus, Tulip, Mushroom, Moon, Star, Lightning, Fire, Snowman, Globe, Apple, Banana, Strawberry, Lemon, Grapes,
    Pineapple, Corn, Bread, Pizza, Cake, Ice cream, Cheese, Carrot, Egg, Hat, Glasses, Shoe, Umbrella, Key, House, Hammer,
    Paper clip, Book, Clock, Light bulb, Gift, Balloon, Bell, Guitar, Trumpet, Drum, Ball, Trophy, Bicycle, Car, Train,
    Rocket, Boat`,
  de: `Katze, Löwe, Pferd, Elefant, Hase, Panda, Hahn, Pinguin, Schildkröte, Fisch, Krake, Schmetterling, Biene, Schnecke,
    Kamel, Krabbe, Baum, Kaktus, Tulpe, Pilz, Mond, Stern, Blitz, Feuer, Schneemann, Weltkugel, Apfel, Banane, Erdbeere,
    Zitrone, Trauben, Ananas, Mais, Brot, Pizza, Torte, Eistüte, Käse, Karotte, Ei, Hut, Brille, Schuh, Regenschirm,
    Schlüssel, Haus, Hammer, Büroklammer, Buch, Wecker, Glühbirne, Geschenk, Luftballon, Glocke, Gitarre, Trompete,
    Trommel, Fußball, Pokal, Fahrrad, Auto, Zug, Rakete, Segelboot`,
  fr: `Chat, Lion, Cheval, Éléphant, Lapin, Panda, Coq, Pingouin, Tortue, Poisson, Pieuvre, Papillon, Abeille, Escargot,
    Chameau, Crabe, Arbre, Cactus, Tulipe, Champignon, Lune, Étoile, Éclair, Feu, Bonhomme de neige, Globe, Pomme, Banane,
    Fraise, Citron, Raisin, Ananas, Maïs, Pain, Pizza, Gâteau, Glace, Fromage, Carotte, Œuf, Chapeau, Lunettes, Chaussure,
    Parapluie, Clé, Maison, Marteau, Trombone, Livre, Réveil, Ampoule, Cadeau, Ballon gonflable, Cloche, Guitare, Trompette,
    Tambour, Ballon de foot, Trophée, Vélo, Voiture, Train, Fusée, Voilier`,
  es: `Gato, León, Caballo, Elefante, Conejo, Panda, Gallo, Pingüino, Tortuga, Pez, Pulpo, Mariposa, Abeja, Caracol, Camello,
    Cangrejo, Árbol, Cactus, Tulipán, Champiñón, Luna, Estrella, Rayo, Fuego, Muñeco de nieve, Planeta, Manzana, Plátano,
    Fresa, Limón, Uvas, Piña, Maíz, Pan, Pizza, Tarta, Helado, Queso, Zanahoria, Huevo, Sombrero, Gafas, Zapatilla,
    Paraguas, Llave, Casa, Martillo, Clip, Libro, Despertador, Bombilla, Regalo, Globo, Campana, Guitarra, Trompeta, Tambor,
    Balón, Trofeo, Bicicleta, Automóvil, Tren, Cohete, Velero`,
  ar: `قطة, أسد, حصان, فيل, أرنب, باندا, ديك, بطريق, سلحفاة, سمكة, أخطبوط, فراشة, نحلة, حلزون, جمل, سلطعون,
    شجرة, صبار, زهرة, فطر, قمر, نجمة, برق, نار, رجل ثلج, كرة أرضية, تفاحة, موزة, فراولة, ليمونة, عنب,
    أناناس, ذرة, خبز, بيتزا, كعكة, مثلجات, جبن, جزرة, بيضة, قبعة, نظارة, حذاء, مظلة, مفتاح, منزل, مطرقة,
    مشبك ورق, كتاب, منبه, مصباح, هدية, بالون, جرس, غيتار, بوق, طبلة, كرة قدم, كأس, دراجة, سيارة, قطار,
    صاروخ, قارب`,
  ja: `ネコ, ライオン, ウマ, ゾウ, ウサギ, パンダ, ニワトリ, ペンギン, カメ, サカナ, タコ, チョウ, ハチ, カタツムリ, ラクダ, カニ,
    木, サボテン, チューリップ, キノコ, 月, 星, 稲妻, 火, 雪だるま, 地球, リンゴ, バナナ, イチゴ, レモン, ブドウ,
    パイナップル, トウモロコシ, パン, ピザ, ケーキ, アイスクリーム, チーズ, ニンジン, たまご, 帽子, メガネ, くつ, 傘, 鍵, 家, ハンマー,
    クリップ, 本, 時計, 電球, プレゼント, 風船, ベル, ギター, トランペット, 太鼓, ボール, トロフィー, 自転車, 車, 列車,
    ロケット, ヨット`,
};

const lists = new Map<string, readonly string[]>();

function namesIn(language: string): readonly string[] {
  let names = lists.get(language);
  if (!names) {
    names = (NAMES[language] ?? NAMES['en'] ?? '').trim().split(/,\s+/);
    lists.set(language, names);
  }
  return names;
}

/** @returns the name of an emoji in the language of the texts: that of the page, that of ringkit, else in English */
export function emojiName(
  number: number,
  { lang, emojiNames }: { readonly lang: string; readonly emojiNames: readonly string[] },
): string {
  return emojiNames[number] ?? namesIn(lang)[number] ?? '';
}
