import type { Random } from '../random.ts';
import { drawBackOfHead, drawPerson, drawProfile } from './draw-person.ts';
import { drawPet } from './draw-pet.ts';
import { drawArm, drawCup, drawHand, drawPhotoCard, drawTablet } from './draw-props.ts';
import { type Look, randomLook } from './looks.ts';
import type { PhotoLooks } from './photo-looks.ts';
import type { MaskWear, ScenarioVisitor } from './scenario.ts';
import { drawSprite, type Sprite } from './sprite.ts';

/** Strangers share so many looks, drawn once each: a thousand visitors need no gigabyte of pictures. */
const LOOKS = 10;

/** Chooses how visitors look, one after the other in the order of the scenario. */
export class Wardrobe {
  readonly #random: Random;
  readonly #photos: PhotoLooks | null;
  readonly #looks: readonly Look[];
  readonly #drawn = new Map<string, Promise<Sprite>>();

  constructor(random: Random, photos: PhotoLooks | null) {
    this.#random = random;
    this.#photos = photos;
    this.#looks = Array.from({ length: LOOKS }, () => randomLook(random));
  }

  /** The sprite of one visitor. */
  dress(visitor: ScenarioVisitor): Promise<Sprite> {
    const chance = this.#random.uniform();
    const photos = isPerson(visitor) ? this.#photosOf(visitor.mask) : undefined;
    const photo = photos?.[Math.floor(chance * photos.length)];
    if (photo !== undefined) return Promise.resolve(photo);
    const svg = drawingOf(visitor, this.#lookOf(visitor, chance));
    const known = this.#drawn.get(svg);
    if (known !== undefined) return known;
    const sprite = drawSprite(svg);
    this.#drawn.set(svg, sprite);
    return sprite;
  }

  /** There are no photos of masks under the nose: those visitors are drawn. */
  #photosOf(mask: MaskWear): readonly Sprite[] | undefined {
    return mask === 'under-nose' ? undefined : this.#photos?.[mask];
  }

  /** Glasses are never a matter of chance: they hide the eye corners, so the scenario must ask for them. */
  #lookOf({ skin, hair, maskColour, glasses }: ScenarioVisitor, chance: number): Look {
    const stranger = this.#looks[Math.floor(chance * LOOKS)] ?? randomLook(this.#random);
    return {
      hairLength: stranger.hairLength,
      skin: skin ?? stranger.skin,
      hair: hair ?? stranger.hair,
      cloth: stranger.cloth,
      maskColour: maskColour ?? stranger.maskColour,
      glasses: glasses ?? false,
    };
  }
}

function isPerson({ behaviour }: ScenarioVisitor): boolean {
  return behaviour === 'normal' || behaviour === 'leaves-early';
}

function drawingOf({ behaviour, mask }: ScenarioVisitor, look: Look): string {
  switch (behaviour) {
    case 'photo':
      return drawPhotoCard(look);
    case 'tablet':
      return drawTablet(look);
    case 'hand':
      return drawHand(look);
    case 'arm':
      return drawArm(look);
    case 'pet':
      return drawPet(look);
    case 'warm-cup':
      return drawCup(look);
    case 'back-of-head':
      return drawBackOfHead(look);
    case 'turned-away':
    case 'walks-past':
      return drawProfile(look);
    case 'normal':
    case 'leaves-early':
      return drawPerson(look, mask);
  }
}
